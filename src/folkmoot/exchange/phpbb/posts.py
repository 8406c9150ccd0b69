"""The posts of a phpBB board: states, edits, and their texts as Markdown that refers to what moved in with them."""

import html
import re
from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from folkmoot.base import markup
from folkmoot.exchange.addresses import PHPBB_PAGE, phpbb_refs
from folkmoot.exchange.bbcode import Context, Ref, convert, parse
from folkmoot.exchange.bbcode.markdown import clean
from folkmoot.exchange.phpbb.shelves import Shelves
from folkmoot.exchange.phpbb.tables import Tables
from folkmoot.exchange.records import SourcePost, State
from folkmoot.exchange.report import Report

_SHADOW = 2
_LEAST_QUOTED = 12
"""So many signs of a quote must be found in a post before it is taken for the one quoted."""


def posts_of(tables: Tables, shelves: Shelves, report: Report, *, host: str, path: str) -> Iterator[SourcePost]:
    """Every post, a thread's together and in the order of time."""
    threads = {
        row["topic_id"]: shelves.is_open(row["forum_id"]) for row in tables.rows("topics") if row["topic_status"] != _SHADOW
    }
    members = set(tables.first_column("SELECT user_id FROM {users} WHERE user_type <> 2"))
    thread: _Thread | None = None
    for row in tables.rows("posts", "ORDER BY topic_id, post_time, post_id"):
        if row["topic_id"] not in threads:
            report.note("stray", str(row["post_id"]))
        if not threads.get(row["topic_id"]):
            continue
        if thread is None or thread.thread_id != row["topic_id"]:
            thread = _Thread(tables, report, row["topic_id"], host=host, path=path)
        guest = f"guest:{row['post_username'] or ''}"[:200]
        yield thread.post(row, str(row["poster_id"]) if row["poster_id"] in members else guest)


class _Thread:
    """What the texts of one thread need to know of each other."""

    def __init__(self, tables: Tables, report: Report, thread_id: int, *, host: str, path: str) -> None:
        self.tables, self.report, self.thread_id = tables, report, thread_id
        self.host, self.path = host.lower(), path
        self.base = f"http://{host}{path}" if host else ""
        self.ids: set[str] = set()
        self.said: dict[str, list[tuple[str, str]]] = {}
        """By author: their posts so far, newest last, as signs without spaces."""

    def post(self, row: dict[str, Any], author: str) -> SourcePost:
        post_id, stored, uid = str(row["post_id"]), str(row["post_text"] or ""), str(row["bbcode_uid"] or "")
        files = partial(self._attachment, [r["attach_id"] for r in self.tables.rows("attachments", _OF_POST, row["post_id"])])
        context = Context(base=self.base, old_link=self.old_link, attachment=files, quoted=self._quoted)
        text, quotes = convert(stored, uid, context)
        text_format: Any = "markdown"
        if len(text.encode()) > markup.MAX_BYTES:
            self.report.note("large", post_id)
            text, text_format = html.escape(parse(clean(stored), uid).text(), quote=False), "plain"
        state = _state(row)
        name = html.unescape(str(row["post_username"] or "")) or self._name(row["poster_id"])
        self.said.setdefault(name.casefold(), []).append((post_id, _signs(parse(stored, uid).text())))
        parent = quotes if quotes in self.ids else ""
        self.ids.add(post_id)
        if state == "deleted":
            text = ""  # deleted by its author: the words are gone here as they were there
        return SourcePost(
            id=post_id, author=author, body=text, thread_id=str(self.thread_id), parent_id=parent,
            moment=self._moment(row["post_time"], post_id), subject="" if state == "deleted" else str(row["post_subject"] or ""),
            format=text_format, state=state,
            edits=max(row["post_edit_count"] or 0, 1 if row["post_edit_time"] else 0),
            edited=self.tables.moment(row["post_edit_time"]),
            hidden_at=self.tables.moment(row["post_delete_time"]) if state in ("hidden", "deleted") else None,
            hidden_by=str(row["post_delete_user"] or ""), hidden_reason=html.unescape(str(row["post_delete_reason"] or "")),
        )  # fmt: skip

    def _moment(self, written: int | None, post_id: str) -> int | None:
        moment = self.tables.moment(written)
        if moment is None:
            self.report.note("date", f"{post_id}: {written}")
        return moment

    def _name(self, member_id: int) -> str:
        found = next(self.tables.rows("users", "WHERE user_id = ?", member_id), None)
        return html.unescape(str(found["username"] or "")) if found else ""

    def old_link(self, address: str) -> Ref | None:
        """What an address of this board leads to; None when it is somewhere else."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return None
        found = PHPBB_PAGE.match(parts.path)
        is_here = (parts.hostname or "").removeprefix("www.") == self.host.removeprefix("www.")
        if not (is_here and found and found["path"] == self.path):
            return None
        anchor = re.fullmatch(r"p([0-9]{1,10})", parts.fragment)
        if found["page"] == "viewtopic" and anchor and "p=" not in parts.query:
            return Ref("post", anchor[1])
        return next((ref for ref, _ in phpbb_refs(found["page"], parts.query)), None)

    def _attachment(self, ids: list[int], index: str) -> str | None:
        """phpBB counts a post's attachments from the newest."""
        return str(ids[int(index)]) if re.fullmatch(r"[0-9]{1,4}", index) and int(index) < len(ids) else None

    def _quoted(self, author: str, text: str) -> str:
        """Old quotes name no post: the newest one so far by this author that says the same."""
        words = _signs(text)[:200]
        if len(words) < _LEAST_QUOTED:
            return ""
        said = self.said.get(author.casefold(), ())
        return next((post_id for post_id, all_words in reversed(said) if words in all_words), "")


_OF_POST = "WHERE post_msg_id = ? AND in_message = 0 AND is_orphan = 0 ORDER BY attach_id DESC"


def _signs(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _state(row: dict[str, Any]) -> State:
    visibility = row["post_visibility"]
    if visibility is None:  # before 3.1
        visibility = 1 if row["post_approved"] is None else row["post_approved"]
    if visibility == 2:
        return "deleted" if row["post_delete_user"] and row["post_delete_user"] == row["poster_id"] else "hidden"
    return "visible" if visibility == 1 else "pending"
