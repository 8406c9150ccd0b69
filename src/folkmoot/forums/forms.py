"""Outside text to clean values."""

from dataclasses import fields
from typing import Any

from django import forms

from folkmoot.forums import rules
from folkmoot.forums.models import Category
from folkmoot.members.forms import ReasonForm


def _number(label: str, most: int, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=1, max_value=most, label=label, help_text=help_text)


class PostingRulesForm(ReasonForm):
    """What a forum asks of a new thread; the fields of `rules.RuleSet`, and the reason that every act has."""

    link_required = forms.BooleanField(required=False, label="A link to an article and its publication are required")
    headline_is_subject = forms.BooleanField(required=False, label="The subject is the article’s own headline")
    max_age_hours = _number("Hours that the article may be old", rules.AGE_MAX_HOURS, "Empty: any age.")
    unique_link_days = _number(
        "Days in which no link is posted twice", rules.UNIQUE_MAX_DAYS, "Empty: the same link may be posted again."
    )  # fmt: skip
    max_quoted_paragraphs = _number("Paragraphs that may be quoted", rules.QUOTED_MAX, "Empty: any number.")

    def rule_set(self) -> rules.RuleSet:
        values: dict[str, Any] = {field.name: self.cleaned_data[field.name] for field in fields(rules.RuleSet)}
        return rules.RuleSet(**values)


_ORDER_MAX = 999
_PLACE = "The smaller number stands before the greater."


class CategoryForm(ReasonForm):
    name = forms.CharField(max_length=80, label="Name")
    order = forms.IntegerField(min_value=0, max_value=_ORDER_MAX, label="Place", help_text=_PLACE)
    is_retired = forms.BooleanField(
        required=False, label="Retired", help_text="Its forums stay readable for ever, and nobody posts there any more."
    )
    field_order = ("name", "order", "is_retired", "reason")


class OpenCategoryForm(ReasonForm):
    name = forms.CharField(max_length=80, label="Name")
    field_order = ("name", "reason")


class OpenForumForm(ReasonForm):
    category = forms.ModelChoiceField(Category.objects.all(), label="Category", empty_label=None)
    name = forms.CharField(max_length=80, label="Name")
    purpose = forms.CharField(
        max_length=1000, label="Purpose", widget=forms.Textarea({"rows": 3}),
        help_text="In a sentence or two: what belongs here. It stands above the forum and above its form.",
    )  # fmt: skip
    administrators_only = forms.BooleanField(
        required=False, label="Only administrators start threads", help_text="Every member may reply."
    )
    field_order: tuple[str, ...] = ("category", "name", "purpose", "administrators_only", "reason")


class ReadyReasonForm(forms.Form):
    text = forms.CharField(max_length=rules.READY_REASON_MAX, label="A reason to keep ready", widget=forms.Textarea({"rows": 2}))


class ForumForm(OpenForumForm):
    newcomers_wait = forms.BooleanField(
        required=False,
        label="The first posts of newcomers wait",
        help_text="Until a host or an administrator has looked at them.",
    )
    order = forms.IntegerField(min_value=0, max_value=_ORDER_MAX, label="Place in its category", help_text=_PLACE)
    field_order = ("category", "name", "purpose", "order", "administrators_only", "newcomers_wait", "reason")
