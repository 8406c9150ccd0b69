"""The public record with what the rooms above the ledger know: forums by name, times in the reader's zone, its feed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.conf import settings
from django.http import Http404
from django.utils.html import escape

from folkmoot.base.paging import Cursor, Slice
from folkmoot.base.time import to_moment
from folkmoot.forums.models import Forum
from folkmoot.juries.queries.acts import may_be_sent
from folkmoot.ledger import queries
from folkmoot.ledger.actions import OPERATOR
from folkmoot.ledger.models import Head, OutboxEntry
from folkmoot.ledger.queries import Filter, Proof
from folkmoot.ledger.rules.entries import Piece, officer_name
from folkmoot.members.events import PrivateDataRead, SoughtByMail, SoughtByNetwork
from folkmoot.members.models import Member
from folkmoot.members.reader import Reader, When
from folkmoot.members.rules import HOST, INTAKE, PANEL
from folkmoot.standards.events import CHARTER, MEMBERS
from folkmoot.threads.queries.feeds import Entry, Feed

FEED_SIZE = 40
Forums = Mapping[int, Forum]


class Words(NamedTuple):
    """A piece of a sentence, with the address of what it speaks of."""

    text: str
    address: str = ""


class Line(NamedTuple):
    """An act, told."""

    id: int
    sentence: Sequence[Words]
    when: When
    reason: str
    redacted_by: int | None
    waits: bool
    """Not in the log yet: acts are written there within seconds."""

    @property
    def text(self) -> str:
        return "".join(words.text for words in self.sentence)

    @property
    def has_reason(self) -> bool:
        return bool(self.reason) and self.redacted_by is None


class Page(NamedTuple):
    found: Slice[OutboxEntry]
    lines: Sequence[Line]
    base: str
    """The page's own address, with its filter."""
    is_filtered: bool
    head: Head | None


def forums() -> Forums:
    return {forum.pk: forum for forum in Forum.objects.order_by("name")}


_OFFICES = (HOST, INTAKE, PANEL, MEMBERS, CHARTER, OPERATOR)


def choices(places: Forums) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen on the page: acts by what they do, offices, forums."""
    kinds = sorted((_deed(act.sentence), name) for name, act in queries.acts().items())
    return {
        "kinds": [(name, deed) for deed, name in kinds],
        "offices": [(office, office.capitalize()) for office in (*filter(None, Member.Office.values), *_OFFICES)],
        "forums": [(forum.slug, forum.name) for forum in places.values()],
    }


def _deed(sentence: str) -> str:
    """`{office} locked thread {thread_id}` → `Locked thread`."""
    words = sentence.removeprefix("{office} ").split("{")[0].rstrip(" :,")
    return words[:1].upper() + words[1:]


def ledger(chosen: Filter, *, reader: Reader, cursor: Cursor, by_month: bool, places: Forums) -> Page:
    found = queries.page(chosen, cursor, month_end=cursor.before if by_month else None)
    slug = places[chosen.forum_id].slug if chosen.forum_id else ""
    asked = {"kind": chosen.kind, "office": chosen.office, "forum": slug}
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
    lines = [_line(row, reader, places) for row in found.rows]
    return Page(found, lines, f"/ledger/?{query}" if query else "/ledger/", bool(query), Head.objects.first())


_PRIVATE = [act.__name__ for act in (SoughtByMail, SoughtByNetwork, PrivateDataRead)]


def private_reads(*, reader: Reader) -> list[Line]:
    """The newest acts by which an officer read what is private. Whom they concern is no officer's business, either."""
    rows = OutboxEntry.objects.select_related("reason").filter(kind__in=_PRIVATE).order_by("-pk")[:FEED_SIZE]
    return [_line(row, reader, {}) for row in rows]


def _line(row: OutboxEntry, reader: Reader, places: Forums) -> Line:
    words = [_words(piece, places) for piece in queries.pieces_of(row)]
    when = reader.when(to_moment(row.told_at))
    return Line(row.pk, words, when, row.reason.text, row.reason.redacted_by_id, row.index is None)


def _words(piece: Piece, places: Forums) -> Words:
    words, field, value = piece
    if field in ("forum_id", "to_forum_id") and value in places:
        return Words(places[value].name, f"/forums/{places[value].slug}/")
    to = {"thread_id": f"/threads/{value}/", "post_id": f"/posts/{value}/", "act_id": f"/ledger/{value}/", "page": f"/{value}/",
          "draft_id": f"/standards/drafts/{value}/", "election_id": f"/standards/elections/{value}/",
          "review_id": f"/panel/reviews/{value}/"}  # fmt: skip
    return Words(words, to.get(field, ""))


class Act(NamedTuple):
    line: Line
    officer: str
    kind: str
    salt: str
    """Of the reason's hash, in hexadecimal digits."""
    reason_hash: str
    proof: Proof | None
    verifier: str
    may_send: bool
    """Whether it hit the reader, who can have a jury look at it."""

    @property
    def has_reason(self) -> bool:
        return self.line.has_reason


def act(act_id: int, *, reader: Reader) -> Act:
    row = OutboxEntry.objects.select_related("reason").filter(pk=act_id).first()
    if row is None:
        raise Http404
    head = Head.objects.first()
    return Act(
        _line(row, reader, forums()), officer_name(row.office, row.officer), row.kind, bytes(row.reason.salt).hex(),
        row.reason_hash, queries.proof(row), head.verifier if head else "", may_be_sent(row, reader.member),
    )  # fmt: skip


def feed(*, community: str) -> Feed:
    """The newest acts, as every other feed is written."""
    rows = OutboxEntry.objects.select_related("reason").order_by("-pk")[:FEED_SIZE]
    site, places = settings.PUBLIC_URL, forums()
    entries = [_entry(row, site, places) for row in rows]
    updated = max((entry.updated for entry in entries), default=0)
    says = f"The {FEED_SIZE} newest acts of authority, the newest first."
    return Feed(f"Ledger · {community}", says, f"{site}/ledger/", f"{site}/ledger/feed", entries, updated, None, 0)


def _entry(row: OutboxEntry, site: str, places: Forums) -> Entry:
    line = _line(row, Reader.of(None, "UTC"), places)
    linked = "".join(
        f'<a href="{site}{escape(w.address)}">{escape(w.text)}</a>' if w.address else escape(w.text) for w in line.sentence
    )
    why = "The reason was redacted." if line.redacted_by else f"Reason: {line.reason}" if line.reason else "No reason was given."
    told = to_moment(row.told_at)
    forum = places.get(row.forum_id or 0)
    return Entry(
        address=f"{site}/ledger/{row.pk}/", title=line.text, author=officer_name(row.office, row.officer),
        author_address=f"{site}/ledger/?office={row.office}", forum=forum.name if forum else "The house",
        forum_slug=forum.slug if forum else "house", published=told, updated=told,
        html=f"<p>{linked}.</p><p>{escape(why)}</p>", thread_id=0,
    )  # fmt: skip
