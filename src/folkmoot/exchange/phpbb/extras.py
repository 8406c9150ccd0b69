"""What a phpBB board has and no room here takes yet, whole: polls, votes, private messages. No IP addresses."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from folkmoot.exchange.bbcode import convert, plain_text, with_addresses
from folkmoot.exchange.phpbb.tables import Tables
from folkmoot.exchange.records import SourceExtra


def extras_of(tables: Tables) -> Iterator[SourceExtra]:
    yield from _polls(tables)
    yield from _votes(tables)
    yield from _messages(tables)


def _polls(tables: Tables) -> Iterator[SourceExtra]:
    for row in tables.rows("topics", "WHERE poll_title <> '' AND (topic_status IS NULL OR topic_status <> 2)"):
        options = tables.rows("poll_options", "WHERE topic_id = ? ORDER BY poll_option_id", row["topic_id"])
        payload = {
            "thread": str(row["topic_id"]), "question": _words(row["poll_title"]), "began": row["poll_start"],
            "seconds": row["poll_length"], "choices_each": row["poll_max_options"], "may_change": bool(row["poll_vote_change"]),
            "options": [
                {"id": option["poll_option_id"], "text": _words(option["poll_option_text"]), "votes": option["poll_option_total"]}
                for option in options
            ],
        }  # fmt: skip
        yield SourceExtra("poll", str(row["topic_id"]), payload)


def _votes(tables: Tables) -> Iterator[SourceExtra]:
    seen: Counter[str] = Counter()
    for row in tables.rows("poll_votes", "ORDER BY rowid"):
        source_id = f"{row['topic_id']}-{row['poll_option_id']}-{row['vote_user_id']}"
        seen[source_id] += 1
        payload = {"thread": str(row["topic_id"]), "option": row["poll_option_id"], "member": str(row["vote_user_id"])}
        yield SourceExtra("vote", source_id if seen[source_id] == 1 else f"{source_id}~{seen[source_id]}", payload)


def _messages(tables: Tables) -> Iterator[SourceExtra]:
    for row in tables.rows("privmsgs", "ORDER BY msg_id"):
        copies = tables.rows("privmsgs_to", "WHERE msg_id = ?", row["msg_id"])
        text = convert(str(row["message_text"] or ""), str(row["bbcode_uid"] or "")).text
        payload = {
            "author": str(row["author_id"]), "to": _people(row["to_address"]), "blind_copies_to": _people(row["bcc_address"]),
            "subject": html.unescape(str(row["message_subject"] or "")), "text": with_addresses(text, lambda ref: None),
            "sent": row["message_time"], "first_message": str(row["root_level"] or row["msg_id"]),
            "edits": row["message_edit_count"] or 0, "edited": row["message_edit_time"] or None,
            "copies": [{key.removeprefix("pm_"): value for key, value in copy.items() if key != "msg_id"} for copy in copies],
        }  # fmt: skip
        yield SourceExtra("private message", str(row["msg_id"]), payload)


def _people(told: Any) -> list[str]:
    """`u_12:u_13:g_5`: members, and groups as `group 5`."""
    found = re.findall(r"([ug])_(\d+)", str(told or ""))
    return [number if kind == "u" else f"group {number}" for kind, number in found]


def _words(told: Any) -> str:
    return plain_text(str(told or ""))
