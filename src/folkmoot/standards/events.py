"""What this room can tell."""

from folkmoot.base.events import Event
from folkmoot.base.pages import EVERYTHING


class StandardsFounded(Event):
    def touches(self) -> tuple[str, ...]:
        return (EVERYTHING,)
