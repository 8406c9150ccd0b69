"""Outside text to clean values. An error keeps the text."""

from collections.abc import Iterable
from typing import Any

from django import forms

from folkmoot.base.forms import Form
from folkmoot.juries import rules
from folkmoot.members.models import Member
from folkmoot.members.rules import NAME_MAX
from folkmoot.standards.models import Wording


class AlertForm(Form):
    standard = forms.TypedChoiceField(
        label="Which standard does it break?", coerce=int, widget=forms.RadioSelect,
        error_messages={"required": "Choose the standard that it breaks.", "invalid_choice": "Choose one of these standards."},
    )  # fmt: skip
    text = forms.CharField(
        label="Why?", widget=forms.Textarea({"rows": 4}),
        help_text="The jury reads this, without your name. Say what breaks the standard, not who wrote it.",
        error_messages={"required": "Say in a sentence why it breaks that standard."},
    )  # fmt: skip

    def __init__(self, *args: Any, wordings: Iterable[Wording], letters: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["standard"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(w.standard.number, f"{w.standard.number}. {w.title}") for w in wordings]
        self.letters = letters

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(text) > self.letters:
            raise forms.ValidationError(f"An alert says why in at most {self.letters} characters; this one has {len(text)}.")
        return text


class VoteForm(Form):
    choice = forms.TypedChoiceField(
        label="What do you find?", coerce=int, widget=forms.RadioSelect,
        choices=[(choice.value, words) for choice, words in rules.WORDS.items()],
        error_messages={"required": "Choose one of the six answers.", "invalid_choice": "Choose one of the six answers."},
    )  # fmt: skip
    standard = forms.TypedChoiceField(
        label="Which standard, if it breaks one?", coerce=int, empty_value=None, required=False,
        error_messages={"invalid_choice": "Choose one of these standards."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Why? (optional)", required=False, max_length=rules.REASON_MAX, widget=forms.Textarea({"rows": 3}),
        help_text="Shown after the verdict, without your name.",
    )  # fmt: skip

    def __init__(self, *args: Any, wordings: Iterable[Wording], alleged: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, said = self.fields["standard"], sorted(alleged)
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "None")] + [
            (w.standard.number, f"{w.standard.number}. {w.title}{' (alleged)' if w.standard.number in said else ''}")
            for w in wordings
        ]
        if len(said) == 1:
            self.initial.setdefault("standard", said[0])


class AppealForm(Form):
    text = forms.CharField(
        label="Why should other members decide otherwise?", max_length=rules.APPEAL_MAX, widget=forms.Textarea({"rows": 5}),
        help_text=f"At most {rules.APPEAL_MAX} characters. The jury of appeal reads this, without your name.",
        error_messages={"required": "Say why other members should decide otherwise."},
    )  # fmt: skip


class NameForm(Form):
    name = forms.CharField(
        label="Member", max_length=NAME_MAX, error_messages={"required": "Write the member’s name."},
        help_text="They are not told. It counts for posts that you write a week from now on.",
    )  # fmt: skip

    def clean_name(self) -> Member:
        found = Member.objects.named(self.cleaned_data["name"].strip()).first()
        if found is None:
            raise forms.ValidationError("No member has this name.")
        return found
