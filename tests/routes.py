"""Every named address of the site, and which of them are no pages."""

from django.urls import URLPattern, URLResolver, get_resolver

NOT_PAGES = {
    "site:source",  # site/tests/test_source.py
    "site:healthz", "site:robots", "site:sitemap", "site:sitemap_file",  # not HTML: asked in test_site.py
    *(f"threads:{of}_{kind}" for of in ("latest", "forum", "thread", "member") for kind in ("atom", "json")),  # threads/tests/test_feeds.py
    *(f"threads:live_{of}" for of in ("latest", "forum", "thread")),  # threads/tests/test_live.py
    "site:ledger_atom", "site:ledger_json", "ledger:checkpoint", "ledger:tile", "ledger:proof", "ledger:consistency", "ledger:cosignature",  # site/tests/test_ledger.py
    "juries:bundle", "juries:verifier", "juries:figures_csv",  # not HTML: asked in juries/tests/test_case.py
    "standards:second", "standards:unsecond", "standards:withdraw", "standards:vote", "standards:elect", "panel:leave",  # POST only
    "standards:ballots",  # a file: asked in standards/tests/test_drafts.py
    "juries:case_of_post", "threads:thread_by_id", "threads:last", "threads:unread", "threads:post", "threads:attachment_by_id",  # redirect
    "threads:attachment",  # a file: asked in threads/tests/test_files.py
    "threads:keep", "threads:mark_all_read", "threads:mark_forum_read", "threads:preview", "threads:keep_draft", "threads:drop_draft", "threads:recommend", "threads:withdraw_revision", "site:demo_sign_in", "members:see_reads", "members:see_notices", "notifications:see", "hosts:resign", "hosts:drop_reason", "hosts:leave",  # POST only
    *(f"juries:{name}" for name in ("answer", "leave", "vote", "willing", "block")),
}  # fmt: skip


def route_names() -> dict[str, str]:
    """Every named address of the site: name to route."""
    found: dict[str, str] = {}

    def walk(patterns: list[URLPattern | URLResolver], space: str, prefix: str) -> None:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space, route)
            else:
                found[space + str(pattern.name)] = route

    walk(get_resolver().url_patterns, "", "/")
    return found
