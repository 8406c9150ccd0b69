"""Outside text to clean values. An error keeps the text."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from folkmoot.base import time
from folkmoot.base.answers import Refused
from folkmoot.base.forms import Form
from folkmoot.forums.models import Forum
from folkmoot.forums.rules import RuleSet
from folkmoot.members.forms import ReasonForm
from folkmoot.threads import rules
from folkmoot.threads.addresses import thread_address
from folkmoot.threads.queries.thread import HIGHLIGHTS, VIEWS


class ReadingForm(forms.Form):
    """How this reader's threads open."""

    view = forms.ChoiceField(choices=list(VIEWS.items()))
    highlight = forms.ChoiceField(choices=list(HIGHLIGHTS.items()))


class MoveForm(ReasonForm):
    """Into which forum a thread goes, and why."""

    to = forms.ModelChoiceField(
        Forum.objects.filter(category__is_retired=False).select_related("category").order_by("category__order", "order", "id"),
        label="Into which forum", empty_label=None,
    )  # fmt: skip
    field_order = ("to", "reason")


class WriteForm(Form):
    """A subject and a text. The same form starts a thread, replies and edits."""

    subject = forms.CharField(required=False, label="Subject", max_length=rules.SUBJECT_MAX)
    text = forms.CharField(
        required=False, label="Text", strip=False,
        widget=forms.Textarea({"rows": 10}),
        help_text="Markdown works: *emphasis*, **strong**, > quote, - list, ||spoiler||.",
    )  # fmt: skip
    key = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)
    seen_edits = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, subject_is_required: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject_is_required = subject_is_required
        self.initial.setdefault("key", str(uuid.uuid4()))
        if not subject_is_required:
            self.fields["subject"].help_text = "Left empty, it becomes your first words."

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        subject, text = data.get("subject", ""), data.get("text", "")
        if self.subject_is_required and not subject.strip() and not self.has_error("subject"):
            self.add_error("subject", "A thread needs a subject, so that others know what it is about.")
        answer = rules.may_say(subject, text)
        if not answer and not (self.has_error("subject") or self.has_error("text")):
            self.add_error("text", str(answer.reason))
        return data

    @property
    def typed(self) -> dict[str, str]:
        """Everything in the form as it was typed, to be kept while a visitor joins."""
        return {name: str(self.data[name]) for name in self.fields if self.data.get(name)}


Judge = Callable[[rules.Facts, dict[str, Any]], list[rules.Trouble]]
"""Asks a forum's posting rules about an article, given the form's other clean values."""


def _one_line(length: int, label: str, **more: Any) -> forms.CharField:
    return forms.CharField(required=False, max_length=length, label=label, **more)


def _at_most(length: int) -> MaxLengthValidator:
    """A limit without the browser's `maxlength`, which would cut what is pasted without a word."""
    return MaxLengthValidator(length, f"Here is room for at most {length:,} characters.")


class ArticleForm(WriteForm):
    """An opening post that brings an article: what is stated about it, what it says, and the member's own view. Its
    `text` is the quotation and the view together."""

    link = forms.CharField(
        required=False, label="Link", widget=forms.URLInput({"autocomplete": "off"}), help_text="The article’s address, whole.",
        validators=[_at_most(rules.LINK_MAX)],
    )  # fmt: skip
    publication = _one_line(rules.PUBLICATION_MAX, "Publication", help_text="Who published it.")
    byline = _one_line(rules.BYLINE_MAX, "Byline (optional)", help_text="Who wrote it, as it says there.")
    published_on = forms.DateField(
        required=False, label="Day", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as 2026-11-24."},
    )  # fmt: skip
    published_at = forms.TimeField(
        required=False, label="Time", widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Write the time as 18:45."},
    )  # fmt: skip
    quote = forms.CharField(
        required=False, label="From the article", strip=False, widget=forms.Textarea({"rows": 6}),
        validators=[_at_most(rules.QUOTE_MAX)],
    )  # fmt: skip
    override = _one_line(
        rules.REASON_MAX, "Let it stand all the same, because", widget=forms.Textarea({"rows": 2}),
        help_text="An act of authority: it goes on the record with your office and this reason, which also stands in the thread.",
    )  # fmt: skip
    zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        rule_set: RuleSet,
        judge: Judge,
        may_override: bool,
        zone: str,
        zone_name: str,
        waits: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rule_set, self.judge, self.may_override, self.waits = rule_set, judge, may_override, waits
        self.is_against_rules = False
        """Only a forum's rules stand against it, and an office may let it stand all the same."""
        self.earlier: tuple[str, str] | None = None
        """The thread that has the link already: its subject and address."""
        self.initial.setdefault("zone", zone)
        asked = str(self.data.get("zone") or self.initial["zone"])
        self.its_zone = asked if asked == zone or asked in time.zone_names() else zone
        self.zone_name = zone_name if self.its_zone == zone else self.its_zone.replace("_", " ")
        self.fields["text"].label = "Your view"
        if rule_set.headline_is_subject:
            self.fields["subject"].label = "Headline"
            self.fields["subject"].help_text = "The article’s own. It becomes the thread’s subject."
            self.subject_is_required = False  # the rule asks for it, in its own words
        most = rule_set.max_quoted_paragraphs
        self.fields["quote"].help_text = f"At most {most} paragraphs; each line is one." if most else "Each line is a paragraph."
        if not may_override:
            del self.fields["override"]

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"].strip()
        return link

    def clean_zone(self) -> str:
        return self.its_zone

    def clean_quote(self) -> str:
        quote: str = self.cleaned_data["quote"].replace("\r\n", "\n").replace("\r", "\n")
        return quote

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["text"] = rules.with_quote(self.cleaned_data.get("quote", ""), self.cleaned_data.get("text", ""))
        data = super().clean()
        facts = rules.Facts(data.get("link", ""), data.get("publication", ""), data.get("byline", ""), self._published(data))
        data["article"] = facts
        self.add_troubles(self.judge(facts, data))
        return data

    def _published(self, data: dict[str, Any]) -> int | None:
        day, clock = data.get("published_on"), data.get("published_at")
        if day and clock and 1900 <= day.year <= 9000:
            return time.from_local(day, clock, self.its_zone)
        if day and not clock and not self.has_error("published_at"):
            self.add_error("published_at", "A day needs its time too.")
        elif clock and not day and not self.has_error("published_on"):
            self.add_error("published_on", "A time needs its day too.")
        elif day and clock:
            self.add_error("published_on", "This day is not one of ours.")
        return None

    def refuse(self, refusal: Refused) -> None:
        if isinstance(refusal, rules.BrokenRules):
            self.add_troubles(refusal.troubles)
        else:
            super().refuse(refusal)

    def add_troubles(self, troubles: Iterable[rules.Trouble]) -> None:
        """Each broken rule beside its field, unless an office lets them be broken. A field that is wrong in itself says
        only that."""
        wrong = set(self.errors) | ({"published_on"} if self.has_error("published_at") else set())
        found = [t for t in troubles if t.field not in wrong]
        self.is_against_rules = bool(found) and all(t.is_rule for t in found)
        if self.is_against_rules and self.may_override and self.cleaned_data.get("override", "").strip():
            return
        for trouble in found:
            self.add_error(trouble.field, trouble.sentence)
            if trouble.earlier:
                self.earlier = trouble.earlier.subject, thread_address(trouble.earlier.thread_id, trouble.earlier.subject)
