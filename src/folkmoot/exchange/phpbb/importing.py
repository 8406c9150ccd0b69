"""The front function, and what a dump's tables mean."""

import html
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from folkmoot.base import time
from folkmoot.exchange import board
from folkmoot.exchange.bbcode import plain_text
from folkmoot.exchange.models import OldBoard
from folkmoot.exchange.phpbb.extras import extras_of
from folkmoot.exchange.phpbb.posts import posts_of
from folkmoot.exchange.phpbb.shelves import Shelves
from folkmoot.exchange.phpbb.tables import Tables, tables_of
from folkmoot.exchange.records import SourceFile, SourceMember, SourceThread
from folkmoot.exchange.report import Report

NO_ACCOUNT = "This name stands for a guest or a deleted member of an older board. Nobody signs in by it."
_ROBOT = 2
_SHADOW = 2


def import_board(
    dump: Path,
    *,
    files: Path | None = None,
    source: str = "",
    forum_prefix: str = "",
    prefix: str | None = None,
    closed_forums: bool = False,
    dry_run: bool = False,
    progress: board.Progress = lambda done, of: None,
) -> Report:
    """Move the board of a dump in; see board.move_in. `files`: the folder of its uploads."""
    report = Report()
    with tables_of(dump, report, prefix=prefix) as tables:
        settings = {row["config_name"]: str(row["config_value"] or "") for row in tables.rows("config")}
        path = "/" + settings.get("script_path", "").strip("/") + "/"
        path = path.replace("//", "/")
        host = settings.get("server_name", "")
        shelves = Shelves(tables, report, closed_forums=closed_forums)
        return board.move_in(
            (source or f"{host}{path}".strip("/") or dump.name.split(".")[0])[:60],
            posts_of(tables, shelves, report, host=host, path=path),
            threads=_threads(tables, shelves, report),
            members=_members(tables, report),
            forums=shelves.forums,
            files=_files(tables, shelves, files),
            extras=extras_of(tables),
            old_board=OldBoard(software=OldBoard.Software.PHPBB, path=path[:200]),
            report=report,
            forum_prefix=forum_prefix,
            dry_run=dry_run,
            progress=progress,
        )


def _threads(tables: Tables, shelves: Shelves, report: Report) -> Iterator[SourceThread]:
    shadows: dict[int, int] = {}
    for row in tables.rows("topics", "WHERE topic_status = 2 AND topic_moved_id > 0"):
        shadows[row["topic_id"]] = row["topic_moved_id"]
        report.note("moved", html.unescape(str(row["topic_title"] or "")))
    led: dict[int, list[str]] = {}
    for shadow in shadows:
        target, steps = shadow, 0
        while target in shadows and steps < 10:
            target, steps = shadows[target], steps + 1
        led.setdefault(target, []).append(str(shadow))
    for row in tables.rows("topics", "WHERE topic_status IS NULL OR topic_status <> 2"):
        if shelves.is_open(row["forum_id"]):
            yield SourceThread(
                str(row["topic_id"]), str(row["topic_title"] or ""), forum_id=str(row["forum_id"]),
                is_pinned=(row["topic_type"] or 0) > 0, is_locked=row["topic_status"] == 1, views=max(row["topic_views"] or 0, 0),
                other_ids=tuple(led.get(row["topic_id"], ())),
            )  # fmt: skip


def _members(tables: Tables, report: Report) -> Iterator[SourceMember]:
    bans = {row["ban_userid"]: row for row in _bans(tables, report)}
    for row in tables.rows("users"):
        if row["user_type"] == _ROBOT:
            report.note("bot")
            continue
        if row["user_sig"]:
            report.note("field", "signature")
        ban = bans.get(row["user_id"])
        email = str(row["user_email"] or "").strip()
        yield SourceMember(
            str(row["user_id"]), html.unescape(str(row["username"] or ""))[:100],
            email if re.fullmatch(r"[^@\s]+@[^@\s]+", email) and len(email) <= 254 else "",
            tables.moment(row["user_regdate"]), banned=None if ban is None else tables.moment(ban["ban_start"]) or tables.now,
            ban_reason="" if ban is None else html.unescape(str(ban["ban_give_reason"] or ban["ban_reason"] or "")),
        )  # fmt: skip
    guests = tables.first_column(
        "SELECT DISTINCT COALESCE(post_username, '') FROM {posts} WHERE poster_id NOT IN"
        " (SELECT user_id FROM {users} WHERE user_type <> 2) ORDER BY 1"
    )
    for name in guests:
        yield SourceMember(f"guest:{name}"[:200], html.unescape(str(name))[:100], about=NO_ACCOUNT, has_account=False)


def _bans(tables: Tables, report: Report) -> Iterator[dict[str, Any]]:
    now = tables.now // time.SECOND
    for row in tables.rows("banlist", "WHERE ban_userid > 0 AND COALESCE(ban_exclude, 0) = 0"):
        if not row["ban_end"]:
            yield row
        elif row["ban_end"] > now:
            report.note("ban", f"user {row['ban_userid']}")
            yield row


def _files(tables: Tables, shelves: Shelves, folder: Path | None) -> Iterator[SourceFile]:
    open_posts = "WHERE in_message = 0 AND is_orphan = 0 ORDER BY attach_id"
    for row in tables.rows("attachments", open_posts):
        if shelves.has_post(row["post_msg_id"]):
            yield SourceFile(
                str(row["attach_id"]), str(row["post_msg_id"]), html.unescape(str(row["real_filename"] or "")),
                _path(folder, str(row["physical_filename"] or "")), plain_text(str(row["attach_comment"] or "")),
            )  # fmt: skip


def _path(folder: Path | None, name: str) -> str:
    """A file of the uploads folder itself; no name leads out of it, by dots or by a link."""
    if folder is None or not re.fullmatch(r"[\w-][\w.-]{0,250}", name, re.ASCII):
        return ""
    path = folder / name
    try:
        return str(path) if stat.S_ISREG(os.lstat(path).st_mode) else ""
    except OSError:
        return ""
