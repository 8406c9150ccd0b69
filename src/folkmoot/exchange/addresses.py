"""Where the things of an old board stand now: for its texts, and for whoever comes by an old address."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import parse_qsl

from folkmoot.exchange.bbcode import REFERENCE, Ref
from folkmoot.exchange.models import Imported, OldBoard
from folkmoot.forums.models import Category, Forum
from folkmoot.members.addresses import member_address
from folkmoot.members.models import Member
from folkmoot.threads.addresses import attachment_address, post_address
from folkmoot.threads.models import Attachment, Post, State

Kind = Imported.Kind
Known = Callable[[Kind, Iterable[str]], dict[str, int]]


class Addresses:
    """The new addresses of an old board's things, many at once. `known` tells ids here by ids there."""

    def __init__(self, known: Known) -> None:
        self.known = known

    def of(self, texts: Iterable[str], here: Mapping[tuple[str, str], int]) -> Callable[[Ref], str | None]:
        """For all that these texts refer to; `here` holds the ids of what is about to be written."""
        asked: dict[str, set[str]] = defaultdict(set)
        for text in texts:
            for found in REFERENCE.finditer(text):
                asked[found[1]].add(found[2])
        addresses: dict[tuple[str, str], str] = {}
        for kind, ids in asked.items():
            known = self.known(Kind(kind), ids)
            known |= {pk: here[kind, pk] for pk in ids if (kind, pk) in here}
            there = _ADDRESSES[kind](list(known.values()))
            addresses |= {(kind, old): there[new] for old, new in known.items() if new in there}
        return lambda ref: addresses.get((ref.kind, ref.id))


def _forums(ids: list[int]) -> dict[int, str]:
    return {pk: f"/forums/{slug}/" for pk, slug in Forum.objects.filter(pk__in=ids).values_list("pk", "slug")}


def _categories(ids: list[int]) -> dict[int, str]:
    return {pk: f"/categories/{slug}/" for pk, slug in Category.objects.filter(pk__in=ids).values_list("pk", "slug")}


def _members(ids: list[int]) -> dict[int, str]:
    return {pk: member_address(name) for pk, name in Member.objects.filter(pk__in=ids).values_list("pk", "name")}


def _attachments(ids: list[int]) -> dict[int, str]:
    found = Attachment.objects.filter(pk__in=ids).values_list("pk", "name")
    return {pk: attachment_address(pk, name) for pk, name in found}


_ADDRESSES: dict[str, Callable[[list[int]], dict[int, str]]] = {
    "post": lambda ids: {pk: post_address(pk) for pk in ids},
    "thread": lambda ids: {pk: f"/threads/{pk}/" for pk in ids},
    "forum": _forums,
    "category": _categories,
    "member": _members,
    "attachment": _attachments,
}

_MOST = 1_000_000
"""Nobody's thread has more posts; a larger number is no page of one."""

PHPBB_PAGE = re.compile(r"^(?P<path>/(?:.*/)?)(?P<page>viewtopic|viewforum|memberlist|download/file|index)\.php$")


def phpbb_refs(page: str, query: str) -> list[tuple[Ref, int]]:
    """What an address of phpBB asks for, in whatever order it says so and with whatever else, the nearest first; for a
    thread also at which post by time its page begins."""
    try:
        fields = parse_qsl(query, max_num_fields=50)
    except ValueError:  # more fields than anybody means
        return []
    asked = {key.removeprefix("amp;"): str(int(value)) for key, value in fields if re.fullmatch(r"[0-9]{1,10}", value)}
    kinds = {
        "viewtopic": (("post", "p"), ("thread", "t")), "viewforum": (("forum", "f"),), "memberlist": (("member", "u"),),
        "download/file": (("attachment", "id"),),
    }.get(page, ())  # fmt: skip
    start = int(asked.get("start", 0))
    return [(Ref(kind, asked[name]), start if kind == "thread" else 0) for kind, name in kinds if name in asked]


def moved_address(path: str, query: str) -> str | None:
    """Where an address of a board that moved in leads now; None when it was never one. Nothing is told that a reader may
    not know: what may be seen is decided where the address leads."""
    found = PHPBB_PAGE.match(path)
    if found is None:
        return None
    boards = list(OldBoard.objects.filter(software=OldBoard.Software.PHPBB))
    here = [board for board in boards if board.path == found["path"]] or (boards if len(boards) == 1 else [])
    if found["page"] == "index":
        return "/" if here else None
    refs = phpbb_refs(found["page"], query)
    return next((address for board in here for ref, start in refs if (address := _address(board, ref, start))), None)


def _address(board: OldBoard, ref: Ref, start: int) -> str | None:
    kinds = [Kind.FORUM, Kind.CATEGORY] if ref.kind == "forum" else [Kind(ref.kind)]
    row = Imported.objects.filter(source=board.source, kind__in=kinds, source_id=ref.id).first()
    if row is None:
        return None
    if ref.kind == "attachment":
        return f"/attachments/{row.object_id}/"  # its name is told only to those who may have it
    if ref.kind == "thread" and start:
        shown = Post.objects.filter(thread=row.object_id, state=State.VISIBLE, number__isnull=False).order_by("number")
        pk = shown.values_list("pk", flat=True)[start : start + 1].first() if start < _MOST else None
        return post_address(pk) if pk else f"/threads/{row.object_id}/last/"
    return _ADDRESSES[row.kind]([row.object_id]).get(row.object_id)
