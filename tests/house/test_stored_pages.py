"""A page says what it shows, so that the front door may store it; or it stands in this list, with its reason."""

import time

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.doors import addresses
from tests.front_door import ask, doors_are_closed, entrance, is_stored  # noqa: F401
from tests.pages import Scene

FORM = "holds a form, whose token sets a cookie"
OFFICE = "only for an office"
SIGN_IN = "the sign-in library's, with a form or rarely asked"
REDIRECT = "only leads on"
POST_ONLY = "takes no GET"
NEVER = {
    **{
        f"account_{name}": SIGN_IN
        for name in (
            "change_password", "confirm_email", "email", "email_verification_sent", "inactive", "login", "logout", "reauthenticate",
            "reset_password", "reset_password_done", "reset_password_from_key", "reset_password_from_key_done", "set_password", "signup",
        )
    },
    **{
        f"mfa_{name}": SIGN_IN
        for name in (
            "authenticate", "reauthenticate", "index", "activate_totp", "deactivate_totp", "view_recovery_codes", "generate_recovery_codes",
        )
    },
    **dict.fromkeys(("members:account", "threads:mine"), "a member's own"),
    **dict.fromkeys(("standards:second", "standards:unsecond", "standards:withdraw", "standards:vote", "standards:elect", "panel:leave"), POST_ONLY),
    "standards:receipt": "a member's own", "standards:receipts": "a member's own", "standards:ballots": "for programs, and rarely asked",
    **dict.fromkeys(("standards:new_draft", "hosts:recall", "panel:stand", "panel:ask", "panel:review"), FORM),
    **dict.fromkeys(("members:begin_claim", "threads:start", "threads:reply", "threads:edit", "threads:delete"), FORM),
    **dict.fromkeys(("members:claim", "members:one_time", "hosts:seat", "legal:told"), "known to one person only"),
    **{f"legal:{name}": OFFICE for name in ("remove", "notices", "decide", "answer")},
    **dict.fromkeys(("legal:notice", "legal:removed"), FORM),
    "site:source": "a file, which is read as it is sent",
    **{
        f"site:{name}": OFFICE
        for name in (
            "ban", "unban", "link", "second-step", "give-star", "end-star", "feature", "unfeature", "change_house_page", "community", "claims", "load_level",
            "confirm_claim", "refuse_claim", "posting_rules", "redact", "office", "shelves", "open_category", "change_category", "open_forum",
            "change_forum", "members", "seek_by_mail", "seek_by_network", "private",
        )
    },
    **{f"threads:{name}": OFFICE for name in ("hide", "restore", "lock", "unlock", "pin", "unpin", "move", "waiting")},
    **{f"hosts:{name}": OFFICE for name in ("offer", "block", "lift", "remove", "desk", "watches", "end_watch", "night_watch", "intake", "team", "dismiss", "revoke", "undo")},
    **dict.fromkeys(("threads:last", "threads:post", "threads:thread_by_id", "threads:unread", "threads:attachment_by_id"), REDIRECT),
    **{
        f"threads:{name}": POST_ONLY
        for name in ("keep", "mark_all_read", "mark_forum_read", "preview", "recommend", "withdraw_revision")
    },
    **dict.fromkeys(("juries:mine", "juries:serve"), "a member's own"),
    **dict.fromkeys(("juries:alert", "juries:appeal", "juries:send"), FORM),
    **{f"juries:{name}": POST_ONLY for name in ("answer", "leave", "vote", "willing", "block")},
    "juries:bundle": "holds more for a member than for a visitor, and is rarely asked",
    **dict.fromkeys(("juries:figures", "juries:figures_csv"), "counts everything, by the clock"),
    "juries:case_of_post": REDIRECT,
    "ledger:checkpoint": "never from a cache", "ledger:tile": "a file, which a proxy may serve",
    **dict.fromkeys(("ledger:proof", "ledger:consistency"), "for programs, and rarely asked"),
    **dict.fromkeys(("notifications:notifications", "notifications:followed"), "a member's own"),
    **dict.fromkeys(("notifications:choices", "notifications:follow_thread", "notifications:follow_forum", "notifications:stop"), FORM),
    "notifications:see": POST_ONLY,
    "threads:drafts": "a member's own",
    **dict.fromkeys(("threads:keep_draft", "threads:drop_draft"), POST_ONLY),
    "site:demo_sign_in": POST_ONLY, "ledger:cosignature": POST_ONLY,
    "members:see_reads": POST_ONLY, "members:see_notices": POST_ONLY, "hosts:resign": POST_ONLY, "hosts:drop_reason": POST_ONLY, "hosts:leave": POST_ONLY,
    "site:healthz": "asks whether the databases answer",
    "search:search": "as many addresses as there are questions",
    "threads:attachment": "a file, which is read as it is sent",
}  # fmt: skip


def _views() -> dict[str, object]:
    found: dict[str, object] = {}

    def walk(patterns: list[URLPattern | URLResolver], space: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
            else:
                found[space + str(pattern.name)] = pattern.callback

    walk(get_resolver().url_patterns, "")
    return found


BOTH_WAYS = {"threads:thread_by_id"}
"""Routes whose view is another's, too: it redirects here."""


@pytest.mark.no_database
def test_every_route_is_stored_or_says_why_not():
    stored = {name for name, view in _views().items() if hasattr(view, "stored_parameters")} - BOTH_WAYS
    forgotten = set(_views()) - stored - NEVER.keys()
    assert not forgotten, (
        f"{sorted(forgotten)}: decorate the view with @stored and have it say what it shows (base/pages.py), so that the front door "
        "stores it and drops it when that changes; or add it here with the reason why it never is."
    )
    assert not stored & NEVER.keys(), "These are stored now: take them off the list"
    assert not NEVER.keys() - set(_views()), "These are gone: take them off the list"


def test_every_stored_page_says_what_it_shows(village):
    scene, door = Scene(village), entrance()
    views, asked = _views(), set()
    for name, some in addresses(scene).items():
        if name in NEVER or name in BOTH_WAYS:
            continue
        for address in [a.replace("/threads/1/feed", f"/threads/{scene.thread.pk}/feed") for a in some]:
            answer = ask(door, address)
            assert answer.status == 200, f"{address}: {answer.status}"
            for _ in range(10):  # a feed with a post of this second is kept for a second only; a door may rest for one
                if is_stored(door, address):
                    break
                time.sleep(0.5)
                ask(door, address)
            assert is_stored(door, address), f"{address} is @stored, but says not what it shows: return shows(response, …)"
            asked.add(name)
    assert asked == {n for n, v in views.items() if hasattr(v, "stored_parameters")} - BOTH_WAYS


def test_what_is_never_stored_is_not(village):
    scene, door = Scene(village), entrance()
    for name, some in addresses(scene).items():
        for address in some if name in NEVER else ():
            ask(door, address)
            assert not is_stored(door, address), f"{name} is stored all the same"


def test_only_canonical_addresses_are_stored(village):
    scene, door = Scene(village), entrance()
    at = f"/threads/{scene.thread.pk}/the-bridge-is-closed/"
    for query in ("utm_source=x", "view=flat&page=1", "page=1&page=1", "view=", "page=1&", "&", "view=%66lat", "view=flat&x=1"):
        assert ask(door, f"{at}?{query}").status in (200, 404)
        assert not is_stored(door, f"{at}?{query}"), query
    for query in ("page=1&view=flat", "view=flat&highlight=5"):
        ask(door, f"{at}?{query}")
        assert is_stored(door, f"{at}?{query}"), query
    assert Client().get(f"{at}?utm_source=x").status_code == 200
