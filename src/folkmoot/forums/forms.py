"""Outside text to clean values."""

from dataclasses import fields
from typing import Any

from django import forms

from folkmoot.forums import rules
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
