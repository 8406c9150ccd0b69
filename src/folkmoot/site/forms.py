"""Outside text to clean values."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from folkmoot.base.time import zone_choices
from folkmoot.forums.models import Forum
from folkmoot.ledger.queries import Filter
from folkmoot.members.forms import ReasonForm
from folkmoot.site import rules

_Choices = Sequence[tuple[str, str]]


def _zones() -> list[tuple[str, str]]:
    return [("UTC", "UTC"), *zone_choices()]


class FeatureForm(forms.Form):
    """Its reason stands on the front page, so it is shorter than that of other acts."""

    reason = forms.CharField(
        max_length=300, label="Reason", help_text="Stands on the front page, and is kept on the record.",
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip


class CommunityForm(forms.Form):
    name = forms.CharField(max_length=80, label="Name of the community")
    promise = forms.CharField(max_length=300, label="Promise", help_text="One sentence, on every page that a visitor sees.")
    welcome = forms.CharField(
        max_length=1000, required=False, label="Welcome", widget=forms.Textarea({"rows": 3}),
        help_text="A few sentences under the promise on the front page.",
    )  # fmt: skip
    zone = forms.ChoiceField(label="Time zone", choices=_zones)
    zone_name = forms.CharField(max_length=60, required=False, label="What the zone is called here")
    star_link = forms.URLField(required=False, max_length=200, label="Payment link for Star members", assume_scheme="https")
    star_text = forms.CharField(
        max_length=2000, required=False, label="Or how to pay", widget=forms.Textarea({"rows": 4}),
        help_text="A bank account or an address, in words.",
    )  # fmt: skip
    reason = forms.CharField(max_length=500, label="Reason", help_text="Public, and kept on the record.")


class LoadLevelForm(ReasonForm):
    level = forms.TypedChoiceField(
        coerce=int, choices=list(enumerate(rules.LEVELS)), label="Who is let in",
        help_text="Signing in always works. Administrators are always let in.",
    )  # fmt: skip
    field_order = ("level", "reason")


class HousePageForm(forms.Form):
    text = forms.CharField(max_length=20_000, label="Text", widget=forms.Textarea({"rows": 24}), help_text="Markdown works.")
    reason = forms.CharField(max_length=500, label="Reason", help_text="Public, and kept on the record.")


class LedgerForm(forms.Form):
    """A GET form: which acts are shown."""

    kind = forms.ChoiceField(required=False, label="What was done")
    office = forms.ChoiceField(required=False, label="Office")
    forum = forms.ChoiceField(required=False, label="Forum")

    def __init__(self, typed: Any, *, kinds: _Choices, offices: _Choices, forums: _Choices) -> None:
        super().__init__({name: typed.get(name, "") for name in ("kind", "office", "forum")})
        for name, chosen, every in (
            ("kind", kinds, "Everything"),
            ("office", offices, "Every office"),
            ("forum", forums, "Every forum"),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", every), *chosen]

    def chosen(self, places: Mapping[int, Forum]) -> Filter:
        """What was asked; what cannot be chosen is told beside its field, and asks for nothing."""
        self.is_valid()
        data = self.cleaned_data
        forum = next((pk for pk, forum in places.items() if forum.slug == data.get("forum")), None)
        return Filter(data.get("kind", ""), data.get("office", ""), forum)
