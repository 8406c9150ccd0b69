"""Every string of the hostile corpus, in every field of a served site: answered, kept or refused, shown as text."""

import re
import time
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import sync_playwright
from tests import corpus
from tests.hostile import fields, one_line, outside_the_tags
from tests.sites import Site
from tests.watch import Watch
from tests.wire import Answer, Wire, written

from folkmoot.base import markup
from folkmoot.members.rules import may_be_named, name_key, name_keys

CHROMIUM = "/usr/bin/chromium"
PARAMETERS = ("q", "author", "forum", "after", "before", "month", "period", "view", "highlight", "page", "show", "next")
pytestmark = [pytest.mark.long, pytest.mark.no_database]


@pytest.fixture(scope="module")
def strings():
    return corpus.strings()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("corpus") / "data", TRUSTED_PROXIES="127.0.0.1")
    site.link = site.init()
    site.serve()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def gus(site):
    with Wire(site.base) as gus:
        gus.set_password(site.link)
        yield gus


def _answered(answer: Answer, *, what: str) -> Answer:
    assert answer.status < 500, (what[:300], answer.status)
    return answer


def test_renders_inside_the_tags_and_names_are_decided(strings):
    """Without a site: every string by the renderer and by the rules of names."""
    slowest, named, refused = (0.0, ""), 0, 0
    everything = [s for kind in strings.values() for s in kind]
    for text in everything:
        before = time.process_time()
        for rendered in (markup.render(text), markup.render_plain(text)):
            assert outside_the_tags(rendered) == [], text[:300]
        slowest = max(slowest, (time.process_time() - before, text[:40]))
        answer = may_be_named(text)
        assert name_key(text) is not None
        if answer:
            named += 1
            assert not re.search(r"[<>&\"'/\\\s\x00-\x1f\u202a-\u202e\u2066-\u2069\u200b-\u200f]", text)
        else:
            assert answer.reason
            refused += 1
    assert slowest[0] < 2.0, slowest
    print(
        f"{len(everything):,} strings rendered, the slowest in {slowest[0]:.2f} s; as names {named:,} taken, {refused:,} refused"
    )


def test_look_alikes_of_a_latin_letter_have_its_key():
    """The corpus lists what looks like what: a name of such letters never stands beside the one that it apes."""
    listed = __import__("json").loads(corpus.files()["unicode/confusables.json"])
    alike = apart = 0
    for char, others in listed.items():
        for other in (o["c"] for o in others):
            if len(char) == 1 and char.isalpha() and other.isascii() and other.isalpha() and len(other) == 1:
                one, two = f"b{char}nk", f"b{other}nk"
                if not may_be_named(one) or name_keys(one) & name_keys(two):
                    alike += 1
                else:
                    apart += 1
                    print(f"{one} may stand beside {two}")
    print(f"{alike:,} look-alikes of a Latin letter are refused or have its key, {apart} do not")
    assert alike > 500
    assert apart == 0


def test_commonmark_stays_inside_the_tags():
    examples = corpus.commonmark()
    differ = 0
    for example in examples:
        rendered = markup.render(example["markdown"])
        assert outside_the_tags(rendered) == [], example
        differ += rendered != example["html"]
    print(f"{len(examples)} examples of CommonMark: all inside the tags; {differ} differ (line breaks, no raw HTML, link marks)")
    assert len(examples) == 652


def test_every_string_in_every_field(site, gus, strings):
    """Subject, body, name, about-text, every parameter, the path; then every page that shows them in a real browser."""
    everything = [s for kind, found in strings.items() for s in found if kind not in ("unicode", "mail", "import-fixtures")]
    big = [s for kind in ("mail", "import-fixtures") for s in strings.get(kind, ())]
    signs = strings.get("unicode", [])
    everything += big[::4] + ["\n".join(signs[n : n + 60]) for n in range(0, len(signs), 60)]
    everything = [s.encode("utf-8", "replace").decode() for s in everything]
    said = dict.fromkeys(("subject and body", "read back", "about", "parameters", "path"), 0)
    threads, posts, opening = [], [], ""
    for n, text in enumerate(everything):
        if n % 95 == 0:
            first = gus.write("/forums/lounge/new/", subject=f"Hostile strings {n}", text="Replies hold them.")
            opening = re.search(r"/posts/\d+/", first.location)[0]
            threads.append(re.sub(r"#.*", "", gus.get(opening).location))
        answer = _answered(gus.write(f"{opening}reply/", subject=text[:150], text=text), what=text)
        said["subject and body"] += 2
        if answer.status == 302:
            post = re.search(r"/posts/\d+/", answer.location)[0]
            posts.append(post)
            form = gus.get(f"{post}edit/").body
            assert written(form, "text") == fields(text), text[:300]
            if one_line(text[:150]):
                assert written(form, "subject") == one_line(text[:150]), text[:150]
            said["read back"] += 2
        else:
            assert answer.status == 422, (answer.status, text[:300])
            assert "field__error" in answer.body or "notice--stop" in answer.body, text[:300]
        if n % 2:
            about = _answered(gus.post("/account/", about=text[:2000], zone="", theme=""), what=text)
            if about.status == 302 and n % 5 == 0:
                assert fields(written(gus.get("/account/").body, "about")) == fields(text[:2000].strip()), text[:300]
            said["about"] += 1
        query = urlencode(dict.fromkeys(PARAMETERS, text[:300]))
        thread = re.sub(r"\?.*", "", threads[-1])
        for path in ("/search/", ("/latest/", "/greatest/", "/sign-in/", "/mine/", thread)[n % 5]):
            _answered(gus.get(f"{path}?{query}"), what=text)
            said["parameters"] += len(PARAMETERS)
        _answered(gus.get(("/", "/members/", "/forums/")[n % 3] + quote(text[:300], safe="/") + "/"), what=text)
        said["path"] += 1
    print(
        f"{len(everything):,} strings: " + ", ".join(f"{name} {number:,}" for name, number in said.items()) + "; 0 answers of 500"
    )
    _join(site, everything)
    _watch(site, gus, threads, posts, everything)
    assert site.folkmoot("check").strip().endswith("All is well.")


def _join(site: Site, everything: list[str]) -> None:
    taken = 0
    short = [s for s in everything if len(s) <= 40]
    for n, name in enumerate(short[::8]):
        with Wire(site.base, address=f"10.{n // 250 % 250}.{n % 250}.{n // 62500}") as somebody:
            answer = _answered(somebody.join(name), what=name)
            taken += answer.status == 302
            if answer.status == 200:
                assert written(answer.body, "username").strip() == name.strip(), name
                assert "field__error" in answer.body, name
    print(f"{len(short[::8]):,} names joined: {taken} taken, the others refused with a reason")


def _watch(site: Site, gus: Wire, threads: list[str], posts: list[str], everything: list[str]) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for csp in (True, False):
            watch = Watch(browser, site.base, csp=csp, cookies=gus.cookies)
            for page in (
                "/",
                "/latest/",
                "/members/Administrator1/",
                "/mine/?show=posts",
                "/account/",
                *threads,
                *(p.split("?")[0] + "?view=flat" for p in threads),
            ):
                watch.go(page)
            for post in posts[:: max(len(posts) // 150, 1)]:
                for more in ("edit", "history", "reply"):
                    watch.go(f"{post}{more}/")
            for start in range(0, len(everything), 80):
                watch.send("/preview/", {f"f{n}": text[:3000] for n, text in enumerate(everything[start : start + 80])})
            print(f"{watch.pages} pages watched {'with' if csp else 'without'} the policy: {len(watch.troubles)} troubles")
            assert watch.troubles == [], watch.troubles[:20]
            watch.close()
        browser.close()
