"""Outside text to clean values. An error keeps the text."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from folkmoot.base.forms import Form
from folkmoot.forums.models import Forum
from folkmoot.standards.models import TEXT_MAX, TITLE_MAX, Draft
from folkmoot.standards.rules import OF_AN_OFFICE, REASON_MAX, Change, Choice, Kind, Rulebook
from folkmoot.standards.rules.charter import NUMBERS


def asked_for(query: Mapping[str, str]) -> Change | None:
    """What an address or a form says that a draft is to change; None when it says nothing."""
    kind, number = query.get("kind", ""), query.get("standard", "")
    if kind not in list(Kind) or kind in OF_AN_OFFICE:
        return None
    return Change(Kind(kind), int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0)


def discussed_in() -> QuerySet[Forum]:
    """Forums in which everybody may start a thread without an article."""
    return Forum.objects.filter(posting_rules=None, administrators_only=False, category__is_retired=False).order_by("name")


class DiscussedForm(Form):
    """Why, and where it is discussed."""

    reason = forms.CharField(
        max_length=REASON_MAX, label="Why", widget=forms.Textarea({"rows": 5}),
        help_text="What is wrong now, and what becomes better. It opens the discussion.",
    )  # fmt: skip
    forum = forms.ModelChoiceField(
        Forum.objects.none(), label="Forum for the discussion", empty_label=None, to_field_name="slug",
        help_text="A thread is opened there in your name.",
    )  # fmt: skip
    key = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        forum = self.fields["forum"]
        assert isinstance(forum, forms.ModelChoiceField)
        forum.queryset = discussed_in()
        self.initial.setdefault("key", str(uuid.uuid4()))

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"reason": data["reason"], "forum": data["forum"], "key": data["key"] or None}


class DraftForm(DiscussedForm):
    """A change of one thing. Of title, text and the charter's numbers only those that the change has."""

    title = forms.CharField(max_length=TITLE_MAX, label="Title")
    text = forms.CharField(max_length=TEXT_MAX, label="Words", widget=forms.Textarea({"rows": 8}))
    field_order = ("title", "text", "reason", "forum", "key")

    def __init__(self, *args: Any, change: Change, book: Rulebook, **more: Any) -> None:
        super().__init__(*args, **more)
        self.change, self.book = change, book
        if change.kind not in (Kind.NEW, Kind.WORDS):
            del self.fields["title"], self.fields["text"]
        standing = book.standards.get(change.number)
        if change.kind is Kind.WORDS and standing is not None:
            self.initial["title"], self.initial["text"] = standing.title, standing.text
        for name, number in NUMBERS.items() if change.kind is Kind.NUMBERS else ():
            hint = f"{number.least} to {number.most} {number.unit}"
            self.fields[name] = forms.IntegerField(
                min_value=number.least,
                max_value=number.most,
                label=number.says,
                help_text=hint,
                initial=getattr(book.charter, name),
            )

    def clean_text(self) -> str:
        return "\n".join(str(self.cleaned_data["text"]).splitlines())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.change.kind is Kind.NUMBERS and not self.errors:
            for fault in self.book.charter.changed(self.values()).faults():
                self.add_error(None, fault)
        return data

    def values(self) -> dict[str, int]:
        """The charter's numbers, as typed."""
        return {name: self.cleaned_data[name] for name in NUMBERS if name in self.fields}

    def words(self) -> list[forms.BoundField]:
        return [self[name] for name in ("title", "text") if name in self.fields]

    def numbers(self) -> list[forms.BoundField]:
        return [self[name] for name in NUMBERS if name in self.fields]


class VoteForm(forms.Form):
    choice = forms.TypedChoiceField(coerce=int, choices=[(c.value, c.name.lower()) for c in Choice])


class ElectionForm(forms.Form):
    """Yes, no or neither for each candidate, or nothing."""

    def __init__(self, *args: Any, candidates: Sequence[Draft], **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [("", "")] + [(c.value, c.name.lower()) for c in Choice]
        for draft in candidates:
            self.fields[f"choice{draft.pk}"] = forms.TypedChoiceField(
                coerce=int, empty_value=None, choices=choices, required=False
            )

    def choices(self) -> dict[int, int]:
        """By draft."""
        said = {int(name.removeprefix("choice")): choice for name, choice in self.cleaned_data.items()}
        return {draft: choice for draft, choice in said.items() if choice is not None}
