"""Whatever is sent to whichever address is answered: never by a 500."""

import json
import re

import pytest
from django.test import Client
from tests.doors import Broken, addresses, every_address, forms, people
from tests.hostile import STRINGS
from tests.pages import Scene

FORM = "application/x-www-form-urlencoded"
PART = "multipart/form-data; boundary=xyz"
BODIES = {
    "nothing at all": (b"", ""),
    "an empty form": (b"", FORM),
    "arrays": (b"subject[]=a&text[]=b&reason[]=c&text=1&text=2&subject=&subject=x", FORM),
    "objects": (b"text[a][b]=c&subject.length=4&__proto__=x&constructor=y", FORM),
    "no UTF-8": (b"subject=%ff%fe&text=%c3%28%ed%a0%80&reason=%80&login=%ff&username=%fe&about=%f8", FORM),
    "raw bytes": (bytes(range(1, 256)), FORM),
    "NUL": (b"subject=a%00b&text=%00&reason=%00&login=%00&username=a%00&about=%00&key=%00&where=%00&q=%00", FORM),
    "signs only": (b"&&&===%%%%zz;;;", FORM),
    "too many fields": (b"&".join(b"f%d=1" % n for n in range(5000)), FORM),
    "two megabytes": (b"text=" + b"x" * 2_000_000, FORM),
    "JSON": (json.dumps({"text": ["a", {"b": None}], "subject": 1e308, "reason": True}).encode(), "application/json"),
    "broken JSON": (b'{"a":' * 2000, "application/json"),
    "XML": (b'<!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>', "application/xml"),
    "a type of nonsense": (b"text=1", "text/../;;==\"'"),
    "an unknown alphabet": (b"text=1", f"{FORM}; charset=klingon"),
    "another alphabet": (b"+AGEA-=1&text=+ADw-script+AD4-", f"{FORM}; charset=utf-7"),
    "a part cut off": (b'--xyz\r\nContent-Disposition: form-data; name="text"\r\n\r\nhalf of', PART),
    "a part without a head": (b"--xyz\r\n\r\n\r\n--xyz--", PART),
    "a file for a text": (b'--xyz\r\nContent-Disposition: form-data; name="text"; filename="../../x"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--xyz--\r\n', PART),
    "two thousand parts": (b"".join(b'--xyz\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nx\r\n' for _ in range(2000)) + b"--xyz--\r\n", PART),
    "no boundary": (b"--xyz\r\n", "multipart/form-data"),
    "an odd boundary": (b"--xyz\r\n", "multipart/form-data; boundary=" + "x" * 5000),
    "an odd encoding": (b'--xyz\r\nContent-Disposition: form-data; name="text"\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n--xyz--\r\n', PART),
}  # fmt: skip
QUERIES = (
    "?" + "a" * 60_000,
    "?" + "&".join(f"a{n}=1" for n in range(3000)),
    "?q=%00&author=%00&page=%00&before=%00&next=%00&view=%00&period=%00&show=%00&month=%00&q[]=1",
    "?q=%ff%fe&page=%ff&view=%c3%28&period=%ff&month=%ff&next=%ff",
    "?page=-9&before=-9&after=1e9&month=9999-99&view[]=x&highlight=1&highlight=2",
    "?page=9223372036854775808&before=999999999999999999&after=999999999999999999&month=0000-00",
    "?month=0001-01&page=%D9%A3&before=%D9%A3", "?month=9999-12&after=0",
    "?q=%22%28%2A%29%22%20AND%20NOT%20OR%20NEAR(&q=x%27%3B--", "?%00=%00&=&&==",
)  # fmt: skip
VALUES = ("", "0", "-1", "9" * 25, "9" * 5000, "1e400", "NaN", "true", "null", "[]", "a" * 3000, "\u202e\u0000", "<b>&amp;\"'", "2020-13-45", "ＡＢ", "\ud83d")  # fmt: skip
GOOD = {200, 204, 301, 302, 303, 304, 400, 403, 404, 405, 409, 410, 413, 415, 422, 429}


@pytest.fixture
def scene(village):
    return Scene(village)


def _good(answer, what: str, broken: Broken) -> None:
    assert answer.status_code in GOOD, f"{what}: {answer.status_code} {broken.errors[-1:]}"
    assert b"Traceback" not in answer.getvalue()


def test_any_body_of_any_type_is_answered_everywhere(scene, count):
    who = people(scene)
    asked = 0
    with Broken() as broken:
        for name, found in addresses(scene).items():
            only_reads = who["visitor"].post(found[0]).status_code == 405
            for body, (content, kind) in BODIES.items():
                if only_reads and body not in ("two megabytes", "a part cut off", "an unknown alphabet"):
                    continue
                for role in ("visitor", "administrator"):
                    if role == "administrator" and name == "account_logout":
                        continue
                    answer = who[role].generic("POST", found[0], content, content_type=kind)
                    _good(answer, f"{body} to {found[0]} by {role}", broken)
                    asked += 1
    count("bodies", asked)


def test_every_method_and_query_is_answered_everywhere(scene, count):
    who = people(scene)
    asked = 0
    with Broken() as broken:
        for address in every_address(scene):
            for method in ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW", "get"):
                answer = who["visitor"].generic(method, address, b"text=1", content_type=FORM)
                _good(answer, f"{method} {address}", broken)
                asked += 1
            for query in QUERIES:
                answer = who["member"].get(address.split("?")[0] + query)
                _good(answer, f"{address}{query[:60]}", broken)
                asked += 1
    count("queries", asked)


def test_every_field_of_every_form_takes_any_value(scene, count):
    who = people(scene)
    asked, known = 0, set()
    with Broken() as broken:
        for address in every_address(scene):
            for role in ("visitor", "member", "administrator"):
                page = who[role].get(address)
                if page.status_code != 200 or "html" not in page.headers.get("Content-Type", ""):
                    continue
                for form in forms(address, page.content.decode()):
                    kind = (re.sub(r"\d+", "N", form.action), *form.fields)
                    if form.action == "/sign-out/" or kind in known:
                        continue
                    known.add(kind)
                    for value in VALUES:
                        sent = {name: value for name in form.fields if name != "csrfmiddlewaretoken"}
                        data = "&".join(f"{n}={_percent(v)}" for n, v in sent.items())
                        answer = who[role].generic("POST", form.action, data, content_type=FORM)
                        _good(answer, f"{value[:20]!r} to {form.action} by {role}", broken)
                        asked += 1
    count("field values", asked)


def _percent(value: str) -> str:
    return "".join(f"%{byte:02x}" for byte in value.encode("utf-8", "surrogatepass"))


def test_hostile_strings_in_addresses_headers_and_cookies_are_answered(scene):
    with Broken() as broken:
        for text in STRINGS:
            text = _percent(text)
            for before in ("/", "/members/", "/forums/", "/categories/", "/threads/", "/posts/", "/account/claims/", "/threads/1/", "/account/link/MQ/", "/static/"):  # fmt: skip
                for after in ("/", "/reply/"):
                    _good(Client(raise_request_exception=False).get(f"{before}{text}{after}"), f"{before}{text}{after}", broken)
        for value in ('"\\000\\000\\000\\000\\000\\000\\000\\000\\000"', "x" * 7, "x" * 4000, "' OR 1=1 --xxxx", "é" * 40, '"'):
            for cookie in ("session", "form"):
                client = Client(raise_request_exception=False)
                client.cookies.load({cookie: "x"})
                client.cookies[cookie].set(cookie, "x", value)
                _good(client.get("/mine/"), f"{cookie}={value[:40]}", broken)
                _good(client.post("/sign-in/", {"login": "Ada", "password": "x"}), f"{cookie}={value[:40]}", broken)
        for header in ("X-Forwarded-For", "Referer", "Accept-Language", "If-Modified-Since", "If-None-Match", "Range", "Accept-Encoding", "User-Agent", "Host", "Origin", "Content-Length", "HX-Request"):  # fmt: skip
            for value in ("", "x" * 9000, "\u00ff\u00fe", "-1", ",,,;;;===", "bytes=9-1", '"\\000"', "999999999999999999999"):
                answer = Client(raise_request_exception=False, headers={header: value}).get("/")
                _good(answer, f"{header}: {value[:40]}", broken)
