"""Telling: an action says what happened, in its own transaction.

A listener may only write rows or enqueue tasks: it is rolled back with the action and kept when the action commits.
An event names the stored pages that it touches as tags (`thread:42`, `forum:7`, `member:9`); `tell` logs them, and the
front door (site/door) drops the pages that have one of them.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.db import transaction


@dataclass(frozen=True, kw_only=True)
class Event:
    def touches(self) -> tuple[str, ...]:
        """The tags of every stored page that this changes."""
        return ()


@dataclass(frozen=True, kw_only=True)
class Act(Event):
    """An act of authority: it carries who (`by`, a member's id), in which office, and why.

    `sentence` is shown on the public record, filled from the event's own fields; it names offices and ids, never people.
    What a body does (`jury`, `members`) is nobody's act: `by` is 0 then.
    """

    by: int
    office: str
    reason: str
    sentence: ClassVar[str]
    rounded: ClassVar[bool] = False
    """Whether the record tells its time by the hour only, so that nobody is timed by it."""
    hits: ClassVar[str] = ""
    """The field of whoever may send it to a jury: a member, or the author of a thread or of a post. Empty: nobody."""


E = TypeVar("E", bound=Event)
Listener = Callable[[Any], None]
_listeners: dict[type[Event], list[Listener]] = defaultdict(list)


def hears(*kinds: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a listener for events of these kinds, and of kinds derived from them."""

    def register(listener: Callable[[E], None]) -> Callable[[E], None]:
        for kind in kinds:
            _listeners[kind].append(listener)
        return listener

    return register


def tell(event: Event) -> None:
    """Log what the event touches and let every listener hear it, inside the action's transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("tell() belongs inside an action's transaction: decorate the action with @transaction.atomic")
    touch(*event.touches())
    for kind in type(event).__mro__:
        if issubclass(kind, Event):
            for listener in _listeners.get(kind, ()):
                listener(event)


def touch(*tags: str) -> None:
    """Log that pages with these tags show something else from this transaction's end on; front doors that listen are told."""
    from folkmoot.base.models import Touch

    if not tags:
        return
    Touch.objects.bulk_create([Touch(tag=tag) for tag in dict.fromkeys(tags)])
    if settings.NOTIFY_TOUCHES:
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("NOTIFY folkmoot_touch")
