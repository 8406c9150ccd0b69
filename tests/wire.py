"""One person at the end of a wire: keep-alive, cookies, the form's token; every answer as it came."""

import html
import http.client
import re
import urllib.parse
from dataclasses import dataclass
from uuid import uuid4

PASSWORD = "a-long-enough-password"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: str
    headers: dict[str, str]

    @property
    def location(self) -> str:
        return self.headers.get("location", "")


class Wire:
    def __init__(self, base: str, *, address: str = "", timeout: float = 30) -> None:
        self.host = base.removeprefix("http://").rstrip("/")
        self.cookies: dict[str, str] = {}
        self.address = address
        """From where the request seems to come, for a site that trusts this machine as its proxy."""
        self._connection = http.client.HTTPConnection(self.host, timeout=timeout)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.address:
            sent["X-Forwarded-For"] = self.address
        try:
            self._connection.request(method, path, body, sent)
            answer = self._connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self._connection.close()  # the next request opens a new one
            raise
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, text, {name.lower(): value for name, value in answer.getheaders()})

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, **fields: str) -> Answer:
        if "form" not in self.cookies:
            self.get("/sign-in/")
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": self.cookies["form"], **fields}, errors="replace")
        return self.ask("POST", path, body.encode(), Content_Type="application/x-www-form-urlencoded")

    def write(self, path: str, *, subject: str = "", text: str = "", key: str = "") -> Answer:
        """Start a thread or reply, by the form with this key."""
        return self.post(path, subject=subject, text=text, key=key or str(uuid4()))

    def set_password(self, link: str) -> None:
        """By a one-time link; it signs in."""
        assert self.post(link, password=PASSWORD).status == 302

    def join(self, name: str) -> Answer:
        return self.post("/join/", username=name, password1=PASSWORD, email="")

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def written(page: str, name: str) -> str:
    """What stands in a page's field."""
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    if area:
        return html.unescape(area[1])
    line = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert line, name
    value = re.search(r'value="([^"]*)"', line[0])
    return html.unescape(value[1]) if value else ""
