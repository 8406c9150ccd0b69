"""Outside text to clean values."""

from typing import Any

from django import forms

from folkmoot.forums.models import Forum
from folkmoot.hosts import rules
from folkmoot.members.addresses import network_of
from folkmoot.members.forms import ReasonForm
from folkmoot.members.models import Member, Watch
from folkmoot.members.rules import NAME_MAX, WATCHED_MAX
from folkmoot.standards.forms import DiscussedForm, discussed_in
from folkmoot.threads.rules import host_of, plain


class NamedForm(ReasonForm):
    """An act that concerns a member, who is named by hand."""

    member = forms.CharField(max_length=NAME_MAX, label="Member", help_text="The name, as it stands beside their posts.")
    field_order: tuple[str, ...] = ("member", "reason")

    def clean_member(self) -> Member:
        found = Member.objects.named(self.cleaned_data["member"].strip()).first()
        if found is None:
            raise forms.ValidationError("Nobody here has this name.")
        return found


class BlockForm(NamedForm):
    days = forms.IntegerField(
        min_value=1, max_value=rules.BLOCK_MAX_DAYS, initial=7, label="For how many days",
        help_text="The member may read everything, and write elsewhere. They read your reason; so does everybody.",
    )  # fmt: skip
    field_order = ("member", "days", "reason")


class RevokeForm(ReasonForm):
    sweeps = forms.BooleanField(
        required=False,
        label="Remove all its posts, too",
        help_text="If most of those who agree tick this. It can be undone for some days.",
    )
    field_order = ("sweeps", "reason")


class RecallForm(DiscussedForm):
    """Not discussed where the host could lock it."""

    def __init__(self, *args: Any, of: Forum, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["reason"].help_text = "What this host did or left undone. Public, under your name; it opens the discussion."
        self.fields["forum"].queryset = discussed_in().exclude(pk=of.pk)  # type: ignore[attr-defined]


class WatchForm(ReasonForm):
    """What administrators watch for, and until when."""

    kind = forms.ChoiceField(choices=Watch.Kind.choices, label="Watch for")
    pattern = forms.CharField(
        max_length=WATCHED_MAX, label="What exactly",
        help_text="Words as they stand in a post; a domain such as spam.example; any address in a network. Nobody but "
        "administrators sees it: the ledger holds a salted hash.",
    )  # fmt: skip
    days = forms.IntegerField(min_value=1, max_value=rules.WATCH_MAX_DAYS, initial=7, label="For how many days")
    field_order = ("kind", "pattern", "days", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "Public, and kept on the record. Do not write into it what exactly you watch for."

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        kind, pattern = data.get("kind", ""), data.get("pattern", "").strip()
        made = pattern
        if kind == Watch.Kind.WORDS:
            made = plain(pattern)
        elif kind == Watch.Kind.NETWORK:
            made = network_of(pattern.split("/")[0])
        elif pattern:
            made = host_of(pattern if "//" in pattern else f"https://{pattern.rpartition('@')[2]}")
        if pattern and (made in ("", "unknown") or (kind in (Watch.Kind.DOMAIN, Watch.Kind.MAIL) and "." not in made)):
            self.add_error("pattern", "That names nothing that can be watched for in this way.")
        data["pattern"] = made[:WATCHED_MAX]
        return data


class NightWatchForm(ReasonForm):
    hours = forms.IntegerField(min_value=1, max_value=48, label="For how many hours")
    field_order = ("hours", "reason")
