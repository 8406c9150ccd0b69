"""Replies by the real form: sign in, fetch the form, fill it in, send it, believe only what the site acknowledged."""

import http.client
import random
import re
import sqlite3
import threading
import time
import urllib.parse
import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.sites import Browser, Site

from bench.results import Shot

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_MARK = "Benchmark reply"


def sign_in(site: Site, name: str, password: str) -> str:
    """Sign in by the form; returns the cookies that the browser then has."""
    browser = Browser(site)
    browser.post("/sign-in/", browser.form("/sign-in/", login=name, password=password))
    if "Sign out" not in browser.get("/"):
        raise RuntimeError(f"{name} could not sign in")
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)


@dataclass(slots=True)
class Client:
    """One member with one kept-open connection."""

    address: str
    cookies: str
    openings: Sequence[int]
    form_each_time: bool
    chance: random.Random
    sent: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    errors: int = 0

    def run(self, until: float) -> None:
        connection = http.client.HTTPConnection(self.address, timeout=30)
        form: dict[str, str] = {}
        try:
            while time.monotonic() < until:
                path = f"/posts/{self.chance.choice(self.openings)}/reply/"
                if self.form_each_time or not form:
                    form = self._form(connection, path)
                self._send(connection, path, {**form, "key": form["key"] if self.form_each_time else str(uuid.uuid4())})
        finally:
            connection.close()

    def _form(self, connection: http.client.HTTPConnection, path: str) -> dict[str, str]:
        connection.request("GET", path, headers={"Cookie": self.cookies})
        answer = connection.getresponse()
        page = answer.read().decode()
        if cookie := re.match(r"form=[^;]+", answer.headers.get("Set-Cookie", "")):
            self.cookies = re.sub(r"(; )?form=[^;]+", "", self.cookies) + "; " + cookie[0]
        return dict(_HIDDEN.findall(page))

    def _send(self, connection: http.client.HTTPConnection, path: str, form: dict[str, str]) -> None:
        text = f"{_MARK} {uuid.UUID(int=self.chance.getrandbits(128))}: I was there when they counted, and it was close."
        body = urllib.parse.urlencode({**form, "subject": "", "text": text})
        headers = {
            "Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://{self.address}{path}",
        }  # fmt: skip
        self.sent.append(text)
        started = time.monotonic()
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status == 302 and re.fullmatch(r"/posts/\d+/", answer.headers.get("Location", "")):
            self.times.append(time.monotonic() - started)
            self.acknowledged.append(text)
        else:
            self.errors += 1


def reply(
    site: Site, cookies: Sequence[str], openings: Sequence[int], *, seconds: float, form_each_time: bool, seed: int
) -> tuple[Shot, list[str]]:
    """A client for each of these members' cookies, all at once; returns what they got done and what was acknowledged."""
    address = site.base.removeprefix("http://")
    clients = [
        Client(address, cookie, openings, form_each_time, random.Random(seed * 100 + at)) for at, cookie in enumerate(cookies)
    ]
    started = time.monotonic()
    threads = [threading.Thread(target=client.run, args=(started + seconds,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=seconds + 60)
    took = time.monotonic() - started
    times = sorted(t * 1e3 for client in clients for t in client.times) or [0.0]
    acknowledged = [text for client in clients for text in client.acknowledged]
    shot = Shot(
        len(acknowledged) / took, times[len(times) // 2], times[min(len(times) * 99 // 100, len(times) - 1)],
        sum(client.errors for client in clients),
    )  # fmt: skip
    return shot, acknowledged


def account_for(data: Path, acknowledged: Sequence[str]) -> dict[str, int]:
    """Every acknowledged reply is in the database exactly once, and nothing else of ours is."""
    with closing(sqlite3.connect(f"file:{data / 'folkmoot.sqlite3'}?mode=ro", uri=True)) as db:
        there = Counter(text for (text,) in db.execute("SELECT source FROM threads_text WHERE source LIKE ?", [f"{_MARK} %"]))
    return {
        "acknowledged": len(acknowledged),
        "missing": sum(there[text] == 0 for text in acknowledged),
        "doubled": sum(count > 1 for count in there.values()),
    }
