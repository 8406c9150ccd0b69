"""Outside text to clean values."""

from django import forms

from folkmoot.panel.rules import REASON_MAX, TEXT_MAX


class AskForm(forms.Form):
    text = forms.CharField(
        max_length=TEXT_MAX, label="Why the ban was wrong", widget=forms.Textarea({"rows": 8}),
        help_text="The panel reads it now. When it has decided, everybody can read it beside the reasons: leave out what is "
        "private.",
    )  # fmt: skip


class OpinionForm(forms.Form):
    undoes = forms.TypedChoiceField(
        coerce=lambda value: value == "yes", choices=[("yes", "It is undone"), ("no", "It stands")], label="What you find",
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = forms.CharField(
        max_length=REASON_MAX, label="Why", widget=forms.Textarea({"rows": 6}),
        help_text="It stands on the public record under your number, and the member reads it.",
    )  # fmt: skip
