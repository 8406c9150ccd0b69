"""The weight of a first view: real Chromium with an empty cache, bytes over the wire."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import sync_playwright
from tests.sites import CHROMIUM

from bench.results import Weight

_KINDS = {"Document": "html", "Stylesheet": "css", "Script": "script"}


def weigh(base: str, views: Mapping[str, tuple[str, str]]) -> list[Weight]:
    """`views`: title to path and cookies. Each is opened by a browser that has seen nothing yet."""
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for title, (path, cookies) in views.items():
            context = browser.new_context()
            pairs = [pair.split("=", 1) for pair in cookies.split("; ") if pair]
            context.add_cookies([{"name": name, "value": value, "url": base} for name, value in pairs])
            page = context.new_page()
            kinds: dict[str, str] = {}
            sizes: Counter[str] = Counter()
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            session.on("Network.responseReceived", lambda e, kinds=kinds: kinds.update({e["requestId"]: e["type"]}))
            session.on("Network.loadingFinished", lambda e, kinds=kinds, sizes=sizes: _count(e, kinds, sizes))
            page.goto(base + path, wait_until="networkidle")
            context.close()
            found.append(Weight(title, sizes["html"], sizes["css"], sizes["script"], sizes["other"], sizes["requests"]))
        browser.close()
    return found


def _count(event: dict[str, Any], kinds: dict[str, str], sizes: "Counter[str]") -> None:
    sizes[_KINDS.get(kinds.get(event["requestId"], ""), "other")] += int(event["encodedDataLength"])
    sizes["requests"] += 1
