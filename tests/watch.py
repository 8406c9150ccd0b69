"""A real browser that is watched: scripts that run, dialogs, errors, requests to elsewhere, addresses that are no links."""

from typing import Any

from playwright.sync_api import Browser, Page

TRAP = """
window.__ran = [];
for (const name of ["alert", "prompt", "confirm", "print", "open"])
  window[name] = (...words) => { window.__ran.push(name + ": " + String(words[0]).slice(0, 80)); };
"""
LOOK = """() => [
  ...window.__ran,
  ...[...document.querySelectorAll("script")].filter(e => !e.src.startsWith(location.origin + "/static/")).map(e => "script: " + e.outerHTML.slice(0, 80)),
  ...[...document.querySelectorAll("*")].flatMap(e => [...e.attributes].filter(a => /^on/i.test(a.name) || a.name == "srcdoc").map(a => e.tagName + " " + a.name)),
  ...[...document.querySelectorAll("a[href], form[action]")].map(e => new URL(e.getAttribute("href") ?? e.getAttribute("action"), location.href))
    .filter(u => !["http:", "https:", "mailto:"].includes(u.protocol)).map(u => "address: " + u.href.slice(0, 80)),
  ...[...document.querySelectorAll("iframe, object, embed, img, video, audio, base, math, meta[http-equiv], main style, main link, main svg")].map(e => e.outerHTML.slice(0, 80)),
]"""


class Watch:
    """Opens pages and gathers whatever should not have happened. `csp=False`: as a browser that knows no such policy."""

    def __init__(
        self, browser: Browser, base: str, *, csp: bool, cookies: dict[str, str] | None = None, scripts: bool = True
    ) -> None:
        self.base, self.csp, self.troubles, self.pages = base, csp, [], 0
        self.context = browser.new_context(bypass_csp=not csp, java_script_enabled=scripts)
        self.context.add_cookies([{"name": n, "value": v, "url": base} for n, v in (cookies or {}).items()])
        self.page: Page = self.context.new_page()
        self.page.add_init_script(TRAP)
        self.page.on("dialog", self._dialog)
        self.page.on("pageerror", lambda error: self._note(f"error: {error}"))
        self.page.on("console", lambda said: self._note(f"console: {said.text}") if said.type == "error" else None)
        self.page.on("request", lambda r: None if r.url.startswith((base + "/", "data:")) else self._note(f"asked {r.url[:100]}"))
        self.page.on("popup", lambda page: self._note(f"opened {page.url}"))

    def _dialog(self, dialog: Any) -> None:
        self._note(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _note(self, what: str) -> None:
        if "the server responded with a status of" not in what:  # an error page is an answer, too
            self.troubles.append(f"{self.page.url}: {what}"[:300])

    def look(self) -> None:
        self.pages += 1
        self.troubles += [f"{self.page.url}: {what}" for what in self.page.evaluate(LOOK)]

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)
        self.look()

    def send(self, path: str, fields: dict[str, str]) -> None:
        """Send a form as another site would: the page that refuses it shows what was typed."""
        self.page.goto(self.base + "/robots.txt")
        self.page.evaluate(
            """([path, fields]) => { const form = document.createElement("form"); form.method = "post"; form.action = path;
            for (const [name, value] of Object.entries(fields)) { const area = document.createElement("textarea"); area.name = name;
            area.value = value; form.append(area); } document.body.append(form); form.submit(); }""",
            [path, fields],
        )
        self.page.wait_for_url(f"**{path}")
        self.page.wait_for_load_state()
        self.look()

    def close(self) -> None:
        self.context.close()
