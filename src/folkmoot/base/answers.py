"""A decision and its reason. `No` is one thing: an `Answer` whose reason a person may read."""

from dataclasses import dataclass

from django.utils.functional import Promise

Sentence = str | Promise


class Refused(Exception):
    """An action was refused; `reason` is a plain sentence for the person who asked. Becomes a 403 page."""

    def __init__(self, reason: Sentence) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    allowed: bool
    reason: Sentence = ""

    def __bool__(self) -> bool:
        return self.allowed

    def or_refuse(self) -> None:
        if not self.allowed:
            raise Refused(self.reason)


YES = Answer(True)


def no(reason: Sentence) -> Answer:
    return Answer(False, reason)
