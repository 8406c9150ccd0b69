"""Outside text to clean values."""

from typing import Any

from django import forms

from folkmoot.legal import rules
from folkmoot.legal.models import Notice
from folkmoot.members.forms import ReasonForm


class NoticeForm(forms.Form):
    where = forms.CharField(
        max_length=rules.WHERE_MAX, label="Where is it?",
        help_text="The address of the post, as your browser shows it; or, if there is none, how to find it.",
    )  # fmt: skip
    kind = forms.ChoiceField(label="What is it?", choices=[("", "Choose"), *Notice.Kind.choices])
    why = forms.CharField(
        max_length=rules.WHY_MAX, label="Why is it unlawful?", widget=forms.Textarea({"rows": 8}),
        help_text="What in it breaks which law, as exactly as you can.",
    )  # fmt: skip
    name = forms.CharField(max_length=rules.NAME_MAX, required=False, label="Your name (optional)")
    email = forms.EmailField(
        max_length=254, required=False, label="Your mail address (optional)",
        help_text="For the answer. Without it, the answer stands on a page whose address you get now. Whoever claims a right of"
        " their own (copyright, their name, their picture) should say who they are; for a harmed child no name is needed.",
    )  # fmt: skip
    good_faith = forms.BooleanField(
        label="I believe in good faith that what I say here is true and complete",
        error_messages={"required": "Say that you believe it in good faith: the law asks for it."},
    )  # fmt: skip


class DecideForm(forms.Form):
    decision = forms.ChoiceField(
        label="Decision", choices=[("", "Choose"), ("remove", "Unlawful: remove the post"), ("leave", "The post stays")]
    )
    ground = forms.CharField(
        max_length=rules.GROUND_MAX, label="Ground",
        help_text="Public: the law, or in a word why not. No name, nothing of the post.",
    )  # fmt: skip
    facts = forms.CharField(
        max_length=rules.FACTS_MAX, required=False, label="Statement of reasons, for the author",
        widget=forms.Textarea({"rows": 6}),
        help_text="What in the post breaks this law, and where the rule stands. Only its author reads it.",
    )  # fmt: skip
    answer = forms.CharField(
        max_length=rules.FACTS_MAX, label="Answer to whoever sent the notice", widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *args: Any, can_remove: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.can_remove = can_remove

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "remove":
            if not data.get("facts"):
                self.add_error("facts", "The author must be told why.")
            if not self.can_remove:
                self.add_error("decision", "Its address leads to no post. Find it, remove it there, and say here what was done.")
        return data


class RemoveForm(forms.Form):
    ground = forms.CharField(
        max_length=rules.GROUND_MAX, label="Ground", help_text="Public: the law. No name, nothing of the post."
    )
    facts = forms.CharField(
        max_length=rules.FACTS_MAX, label="Statement of reasons, for the author", widget=forms.Textarea({"rows": 6}),
        help_text="What in the post breaks this law, and where the rule stands. The author alone reads it.",
    )  # fmt: skip


class CounterForm(forms.Form):
    text = forms.CharField(
        max_length=rules.WHY_MAX, label="Why should it come back?", widget=forms.Textarea({"rows": 8}),
        help_text="Administrators read it, nobody else. It can be sent once.",
    )  # fmt: skip


class AnswerForm(ReasonForm):
    decision = forms.ChoiceField(
        label="Decision", choices=[("", "Choose"), ("restore", "The post comes back"), ("keep", "It stays removed")]
    )
    text = forms.CharField(max_length=rules.FACTS_MAX, label="Answer, for the author", widget=forms.Textarea({"rows": 6}))
    field_order = ("decision", "text", "reason")

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"restore": data["decision"] == "restore", "text": data["text"], "reason": data["reason"]}
