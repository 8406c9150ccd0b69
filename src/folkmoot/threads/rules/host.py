"""What hosts and administrators may do to a thread. Pure.

A host of a main forum only locks what is off the forum's purpose, and unlocks what they locked; a host of a topic forum also pins
and moves (docs/rooms/hosts.md). Administrators may do all of it everywhere.
"""

from typing import Protocol

from folkmoot.base.answers import YES, Answer, no
from folkmoot.members.rules import HOST, Local, may_administer, office_in
from folkmoot.threads.rules.may import Conversation, Place


class Member(Local, Protocol):
    @property
    def pk(self) -> int: ...


class Pinnable(Conversation, Protocol):
    @property
    def pinned(self) -> bool: ...


def may_lock(officer: Member | None, thread: Conversation, *, is_main: bool) -> Answer:
    if not (answer := _may_act(officer, thread.forum_id)):
        return answer
    return no("This thread is locked already.") if thread.locked_at else YES


def may_unlock(officer: Member | None, thread: Conversation, *, is_main: bool) -> Answer:
    if not (answer := _may_act(officer, thread.forum_id)):
        return answer
    assert officer is not None
    if thread.locked_at is None:
        return no("This thread is not locked.")
    if thread.lock_office == "":
        return no("Its author deleted the opening post; such a thread stays locked.")
    if office_in(officer, thread.forum_id) == HOST:
        if thread.lock_office != HOST:
            return no("An administrator locked this thread, so an administrator unlocks it.")
        if is_main and thread.lock_by_id != officer.pk:
            return no("In a main forum the host who locked a thread unlocks it, or an administrator.")
    return YES


def may_pin(officer: Member | None, thread: Pinnable, *, is_main: bool) -> Answer:
    if not (answer := _may_arrange(officer, thread.forum_id, is_main)):
        return answer
    return no("This thread is pinned already.") if thread.pinned else YES


def may_unpin(officer: Member | None, thread: Pinnable, *, is_main: bool) -> Answer:
    if not (answer := _may_arrange(officer, thread.forum_id, is_main)):
        return answer
    return YES if thread.pinned else no("This thread is not pinned.")


def may_move(officer: Member | None, thread: Conversation, *, is_main: bool) -> Answer:
    """Whether they may move it at all; whereto is `may_move_to`."""
    return _may_arrange(officer, thread.forum_id, is_main)


def may_move_to(officer: Member | None, thread: Conversation, to: Place, *, retired: bool) -> Answer:
    if to.pk == thread.forum_id:
        return no("The thread is in that forum already.")
    if retired:
        return no("That forum is retired; nobody posts there.")
    if to.administrators_only and not may_administer(officer):
        return no("Only administrators start threads in that forum.")
    return YES


def _may_act(officer: Member | None, forum_id: int) -> Answer:
    return YES if office_in(officer, forum_id) else no("Only hosts of this forum and administrators can do this.")


def _may_arrange(officer: Member | None, forum_id: int, is_main: bool) -> Answer:
    if not (answer := _may_act(officer, forum_id)):
        return answer
    if is_main and office_in(officer, forum_id) == HOST:
        return no("A host of a main forum only locks what is off its purpose.")
    return YES
