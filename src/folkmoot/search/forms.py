"""What is asked, as typed."""

from typing import Any
from urllib.parse import urlencode

from django import forms

from folkmoot.search import rules

ORDERS = {"newest": "Newest", "best": "Best"}
_FIELDS = ("q", "subject", "author", "forum", "after", "before")


class SearchForm(forms.Form):
    """A GET form: nothing in it is required, and whatever is wrong with it, it keeps what was typed."""

    q = forms.CharField(required=False, label="Words", max_length=rules.QUESTION_MAX, widget=forms.TextInput({"type": "search"}))
    subject = forms.CharField(required=False, label="Words of the subject", max_length=100)
    author = forms.CharField(required=False, label="Author", max_length=80)
    forum = forms.ChoiceField(required=False, label="Forum")
    after = forms.CharField(required=False, label="Written on or after", max_length=20)
    before = forms.CharField(required=False, label="Written before", max_length=20)

    question: rules.Question = rules.Question()

    def __init__(self, typed: Any, *, forums: Any, **kwargs: Any) -> None:
        super().__init__({name: _clean(typed.get(name, "")) for name in _FIELDS}, **kwargs)
        choices = [("", "Every forum"), *((forum.slug, forum.name) for forum in forums)]
        forum = self.fields["forum"]
        assert isinstance(forum, forms.ChoiceField)
        forum.choices = choices
        for name in ("after", "before"):
            day = rules.day(self.data[name])
            if not self.data[name] or (day is not None and day.isoformat() == self.data[name]):
                self.fields[name].widget = forms.TextInput({"type": "date"})  # it would not show what is no whole day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.question, unclear = rules.read(data)
        for field, sentence in unclear:
            self.add_error(field, sentence)
        return data

    @property
    def asks(self) -> bool:
        return self.is_valid() and not self.question.is_empty

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the box is used or wrong."""
        return any(self.data[name] or self.has_error(name) for name in _FIELDS[1:])

    def address(self, **more: object) -> str:
        """The same question again, in another order or on another page."""
        kept = {name: self.data[name] for name in _FIELDS if self.data[name]}
        return f"?{urlencode({**kept, **{name: value for name, value in more.items() if value}})}"


def _clean(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())
