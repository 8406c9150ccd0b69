"""Outside text to clean values. An error keeps the text."""

import uuid
from typing import Any

from django import forms

from folkmoot.threads import rules
from folkmoot.threads.queries.thread import HIGHLIGHTS, VIEWS


class ReadingForm(forms.Form):
    """How this reader's threads open."""

    view = forms.ChoiceField(choices=list(VIEWS.items()))
    highlight = forms.ChoiceField(choices=list(HIGHLIGHTS.items()))


class WriteForm(forms.Form):
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
        return text.replace("\r\n", "\n").replace("\x00", "").rstrip()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        subject, text = data.get("subject", ""), data.get("text", "")
        if self.subject_is_required and not subject.strip() and not self.has_error("subject"):
            self.add_error("subject", "A thread needs a subject, so that others know what it is about.")
        answer = rules.may_say(subject, text)
        if not answer and not self.errors:
            self.add_error("text", str(answer.reason))
        return data
