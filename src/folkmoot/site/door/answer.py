"""What Django answered, as the front door hands it on."""

from collections.abc import Iterable
from dataclasses import dataclass

from folkmoot.base.pages import Shown

Headers = list[tuple[str, str]]


@dataclass(slots=True)
class Answer:
    status: str
    headers: Headers
    body: bytes = b""
    stream: Iterable[bytes] | None = None
    """A file, which is read as it is sent."""
    shown: Shown | None = None
    """What the page says that it shows; None for one that is never stored."""
    has_cookies: bool = False

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def may_be_stored(self) -> bool:
        """A visitor's whole page, as middleware.cache_control_middleware says it too."""
        whole = self.status.startswith("200 ") and self.stream is None and self.shown is not None
        return whole and not self.has_cookies and self.header("cache-control") == "no-cache"


def without(headers: Headers, *names: str) -> Headers:
    return [(key, value) for key, value in headers if key.lower() not in names]


def varying(headers: Headers, *names: str) -> Headers:
    """The headers with these names in Vary."""
    said = next((value for key, value in headers if key.lower() == "vary"), "")
    known = [name.strip() for name in said.split(",") if name.strip()]
    known += [name for name in names if name.lower() not in {k.lower() for k in known}]
    return [*without(headers, "vary"), ("Vary", ", ".join(known))]
