"""The forums of a phpBB board, two levels deep; and which of them were open to everybody."""

import html
from collections import defaultdict
from typing import Any

from folkmoot.exchange.bbcode import plain_text
from folkmoot.exchange.phpbb.tables import Tables
from folkmoot.exchange.records import SourceForum
from folkmoot.exchange.report import Report

_CATEGORY, _LINK, _LOCKED = 0, 2, 1
_NEVER, _YES = 0, 1


class Shelves:
    """`forums` in the order of the board. Here everybody reads every forum, so one that visitors could not read there is
    left out with its threads unless `closed_forums` says otherwise: what was private must not be published unasked."""

    def __init__(self, tables: Tables, report: Report, *, closed_forums: bool) -> None:
        self.tables, self.report = tables, report
        rows = {row["forum_id"]: row for row in tables.rows("forums", "ORDER BY left_id, forum_id")}
        unread = set() if closed_forums else self._unread(rows)
        self.shut = {pk for pk, row in rows.items() if self._above(rows, row) & unread}
        self.forums: list[SourceForum] = []
        for pk, row in rows.items():
            if row["forum_type"] == _LINK:
                report.note("link", self._name(row))
            elif row["forum_type"] != _CATEGORY or self._has_threads(pk):
                if pk in self.shut:
                    report.note("closed", self._name(row))
                else:
                    self.forums.append(self._forum(rows, row))

    def is_open(self, forum_id: int) -> bool:
        return forum_id not in self.shut

    def has_post(self, post_id: int) -> bool:
        return any(self.is_open(row["forum_id"]) for row in self.tables.rows("posts", "WHERE post_id = ?", post_id))

    def _forum(self, rows: dict[int, dict[str, Any]], row: dict[str, Any]) -> SourceForum:
        shelf = row if row["forum_type"] == _CATEGORY else self._shelf(rows, row)
        purpose = plain_text(str(row["forum_desc"] or ""), str(row["forum_desc_uid"] or ""))
        above = rows.get(row["parent_id"])
        if above is not None and above["forum_type"] != _CATEGORY:
            purpose = f"{purpose.rstrip('.')}. A part of {self._name(above)}.".lstrip(". ")
        if row["forum_status"] == _LOCKED:
            self.report.note("locked", self._name(row))
        return SourceForum(
            str(row["forum_id"]), self._name(row), purpose, str(shelf["forum_id"]) if shelf else "",
            self._name(shelf) if shelf else "", is_closed=row["forum_status"] == _LOCKED,
        )  # fmt: skip

    def _shelf(self, rows: dict[int, dict[str, Any]], row: dict[str, Any]) -> dict[str, Any] | None:
        """The nearest category above."""
        for _ in range(50):
            above = rows.get(row["parent_id"])
            if above is None or above["forum_type"] == _CATEGORY:
                return above
            row = above
        return None

    def _above(self, rows: dict[int, dict[str, Any]], row: dict[str, Any]) -> set[int]:
        """This forum and those around it."""
        found: set[int] = set()
        at: dict[str, Any] | None = row
        while at is not None and at["forum_id"] not in found:
            found.add(at["forum_id"])
            at = rows.get(at["parent_id"])
        return found

    def _name(self, row: dict[str, Any]) -> str:
        return " ".join(html.unescape(str(row["forum_name"] or "")).split()) or f"Forum {row['forum_id']}"

    def _has_threads(self, forum_id: int) -> bool:
        return any(True for _ in self.tables.rows("topics", "WHERE forum_id = ? LIMIT 1", forum_id))

    def _unread(self, rows: dict[int, dict[str, Any]]) -> set[int]:
        """Forums with a password, and those that guests had no right to read (group GUESTS, option f_read)."""
        with_password = {pk for pk, row in rows.items() if row["forum_password"]}
        option = next((r["auth_option_id"] for r in self.tables.rows("acl_options", "WHERE auth_option = 'f_read'")), None)
        guests = next((r["group_id"] for r in self.tables.rows("groups", "WHERE group_name = 'GUESTS'")), None)
        if option is None or guests is None or "acl_groups" not in self.tables.has:
            self.report.note("rights")
            return with_password
        roles = {
            row["role_id"]: row["auth_setting"] for row in self.tables.rows("acl_roles_data", "WHERE auth_option_id = ?", option)
        }
        said: dict[int, set[int]] = defaultdict(set)
        for row in self.tables.rows("acl_groups", "WHERE group_id = ?", guests):
            if row["auth_role_id"]:
                said[row["forum_id"]].add(roles.get(row["auth_role_id"], -1))
            elif row["auth_option_id"] == option:
                said[row["forum_id"]].add(row["auth_setting"])
        readable = {pk for pk, settings in said.items() if _YES in settings and _NEVER not in settings}
        forums = {pk for pk, row in rows.items() if row["forum_type"] not in (_CATEGORY, _LINK) or self._has_threads(pk)}
        return with_password | (forums - readable)
