"""A form that says why what it asked for was refused."""

from collections.abc import Callable
from typing import TypeVar

from django import forms

from folkmoot.base.answers import Refused

Made = TypeVar("Made")


class Form(forms.Form):
    def tried(self, act: Callable[[], Made]) -> Made | None:
        """What the action made; None when it refused what seemed fine a moment before: the form then says why."""
        try:
            return act()
        except Refused as refusal:
            self.refuse(refusal)
            return None

    def refuse(self, refusal: Refused) -> None:
        self.add_error(None, str(refusal.reason))
