"""The whole configuration, from the environment, in one table. docs/running.md documents it, and a test compares.

No Django here: the supervisor reads it too. Each NAME may also be given as NAME_FILE, a file that holds the value. What
the environment leaves open is read from `settings.env` in the data folder, which `folkmoot setup` writes.
"""

import ipaddress
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network


class Misconfigured(Exception):
    """One sentence for each variable that makes no sense."""


@dataclass(frozen=True, slots=True)
class Configuration:
    data: Path
    host: str
    port: int
    port_is_chosen: bool
    public_url: str
    public_url_is_chosen: bool
    trusted_proxies: tuple[Network, ...]
    database_url: str
    workers: int
    secret_key: str
    mail_url: str
    mail_from: str
    source_url: str
    backups: int
    stored_pages: int
    stored_pages_exact: bool
    pages_a_network: int
    drand_relays: tuple[str, ...]
    drand_chain: str
    witnesses: tuple[str, ...]
    joins_a_network: int
    joins_an_hour: int
    night_watch_at: int
    debug: bool
    demo: bool


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return read


def _yes_or_no(text: str) -> bool:
    answers = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in answers:
        raise ValueError("yes or no")
    return answers[text.lower()]


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("an address like https://forum.example, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _link(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError("an address like https://code.example/folkmoot (leave it out to offer the files that run)")
    return text


def _relays(text: str) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(_address(part.strip()) for part in text.split(",") if part.strip()))
    except ValueError:
        raise ValueError("addresses, separated by commas: https://api.drand.sh, https://drand.cloudflare.com") from None


def _chain(text: str) -> str:
    from folkmoot.juries.beacon.drand import read_chain

    read_chain(text)
    return text


def _witnesses(text: str) -> tuple[str, ...]:
    from folkmoot.ledger.rules import notes

    lines = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if any(notes.read_verifier(line, notes.COSIGNATURE) is None for line in lines):
        raise ValueError("public keys of witnesses, separated by commas, as folkmoot ledger witness-key prints them")
    return lines


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError("addresses or networks, separated by commas: 127.0.0.1, 10.0.0.0/8") from None


def _database(text: str) -> str:
    if not text.startswith(("postgres://", "postgresql://")):
        raise ValueError("an address like postgresql://name:password@host:5432/database (leave it out for SQLite)")
    return text


def _mail(text: str) -> str:
    if not text.startswith(("smtp://", "smtps://", "submission://")):
        raise ValueError("an address like submission://name:password@host:587 (leave it out to keep mail as files)")
    return text


class Variable(NamedTuple):
    name: str
    read: Callable[[str], Any]
    default: str
    meaning: str


VARIABLES = (
    Variable("FOLKMOOT_DATA", Path, "data", "The data folder: databases, secret key, mail, static files. Back this up."),
    Variable("HOST", str, "127.0.0.1", "The address to listen on."),
    Variable("PORT", _whole(1, 65535), "8000", "The port to listen on. Not set, a busy port moves on to the next."),
    Variable("PUBLIC_URL", _address, "http://HOST:PORT", "The address that people type; every absolute link is made from it."),
    Variable("TRUSTED_PROXIES", _networks, "", "Proxies whose X-Forwarded-For is believed."),
    Variable("DATABASE_URL", _database, "", "A PostgreSQL database (15 or newer). Empty: SQLite in the data folder."),
    Variable("WORKERS", _whole(1, 64), "one a core", "Web processes."),
    Variable(
        "SECRET_KEY", str, "made once, in FOLKMOOT_DATA/secret_key", "Signs sessions and one-time links; at least 32 characters."
    ),
    Variable("MAIL_URL", _mail, "", "A mail server. Empty: mail is kept as files in FOLKMOOT_DATA/mail."),
    Variable("MAIL_FROM", str, "folkmoot@localhost", "The sender of the site's mail."),
    Variable("BACKUPS", _whole(0, 365), "7", "Nightly backups that serve makes and keeps in FOLKMOOT_DATA/backups."),
    Variable(
        "STORED_PAGES",
        _whole(0, 4096),
        "16",
        "Megabytes of visitors' pages that a web process keeps ready to be sent; 0: none.",
    ),
    Variable(
        "STORED_PAGES_EXACT",
        _yes_or_no,
        "yes",
        "On PostgreSQL: ask the database before each stored page. No: be told by it; a page may be 2 seconds late.",
    ),
    Variable(
        "PAGES_A_NETWORK",
        _whole(0, 10_000),
        "5",
        "Pages a second that each web process makes for one network of visitors. 0: any number.",
    ),
    Variable("SOURCE_URL", _link, "/source.zip, made from what runs", "Where the footer says that this version's source is."),
    Variable("DRAND_RELAYS", _relays, "", "Relays of the beacon that juries are drawn by. Empty: by the community's own chain."),
    Variable("DRAND_CHAIN", _chain, "quicknet", "Another chain than drand's quicknet: the JSON that its beacon says at /info."),
    Variable("WITNESSES", _witnesses, "", "Public keys of witnesses of the ledger, who make draws by a beacon verifiable."),
    Variable("JOINS_A_NETWORK", _whole(1, 10_000), "20", "Accounts an hour that are made from one network."),
    Variable("JOINS_AN_HOUR", _whole(1, 1_000_000), "300", "Accounts an hour that are made at all; then joining rests."),
    Variable(
        "NIGHT_WATCH_AT",
        _whole(0, 10_000),
        "100",
        "So many new accounts within an hour begin a night watch: nobody joins, newcomers' posts wait. 0: never by itself.",
    ),
    Variable("DEBUG", _yes_or_no, "no", "Templates reload and errors show their cause. Never on a public site."),
)


def load(environ: Mapping[str, str] | None = None) -> Configuration:
    """Read the configuration; raises `Misconfigured` with a sentence for every wrong variable at once."""
    environ = os.environ if environ is None else environ
    environ = {**_kept_settings(Path(environ.get("FOLKMOOT_DATA") or "data") / SETTINGS_FILE), **environ}
    troubles: list[str] = []
    read: dict[str, Any] = {}
    for variable in VARIABLES:
        try:
            text = _text(variable.name, environ)
            if text:
                read[variable.name] = variable.read(text)
        except (ValueError, OSError) as error:
            troubles.append(
                f"{variable.name} must be {error}." if isinstance(error, ValueError) else f"{variable.name}_FILE: {error}."
            )
    key = read.get("SECRET_KEY", "")
    if key and len(key) < 32:
        troubles.append("SECRET_KEY must be at least 32 characters long.")
    if read.get("DRAND_RELAYS") and find_spec("pyblst") is None:
        troubles.append("DRAND_RELAYS needs the extra that checks a beacon's signatures: install folkmoot[drand].")
    if troubles:
        raise Misconfigured("\n".join(troubles))
    data = Path(read.get("FOLKMOOT_DATA", "data")).resolve()
    data.mkdir(parents=True, exist_ok=True)
    host, port = read.get("HOST", "127.0.0.1"), read.get("PORT", 8000)
    return Configuration(
        data=data, host=host, port=port, port_is_chosen="PORT" in read,
        public_url_is_chosen="PUBLIC_URL" in read,
        public_url=read.get("PUBLIC_URL", f"http://{f'[{host}]' if ':' in host else host}:{port}"),
        trusted_proxies=read.get("TRUSTED_PROXIES", ()), database_url=read.get("DATABASE_URL", ""),
        workers=read.get("WORKERS", os.cpu_count() or 1), secret_key=key or _kept_key(data / "secret_key"),
        mail_url=read.get("MAIL_URL", ""), mail_from=read.get("MAIL_FROM", "folkmoot@localhost"),
        source_url=read.get("SOURCE_URL", ""),
        backups=read.get("BACKUPS", 7), stored_pages=read.get("STORED_PAGES", 16),
        stored_pages_exact=read.get("STORED_PAGES_EXACT", True),
        pages_a_network=read.get("PAGES_A_NETWORK", 5), 
        joins_a_network=read.get("JOINS_A_NETWORK", 20), joins_an_hour=read.get("JOINS_AN_HOUR", 300),
        night_watch_at=read.get("NIGHT_WATCH_AT", 100), drand_relays=read.get("DRAND_RELAYS", ()),
        drand_chain=read.get("DRAND_CHAIN", ""), witnesses=read.get("WITNESSES", ()),
        debug=read.get("DEBUG", False), demo=(data / "demo").exists(),
    )  # fmt: skip


SETTINGS_FILE = "settings.env"


def _kept_settings(path: Path) -> dict[str, str]:
    """`NAME=value` lines, as systemd's EnvironmentFile= reads them; a line that begins with # says something."""
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip('"') for name, _, value in pairs}


def _text(name: str, environ: Mapping[str, str]) -> str:
    path = environ.get(f"{name}_FILE")
    return Path(path).read_text(encoding="utf-8").strip() if path else environ.get(name, "").strip()


def _kept_key(path: Path) -> str:
    """The secret key of this data folder, made the first time; nobody else on the machine can read it."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()
