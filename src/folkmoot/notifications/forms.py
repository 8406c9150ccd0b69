"""Outside text to clean values."""

from typing import Any

from django import forms

from folkmoot.notifications.models import Digest
from folkmoot.notifications.rules import SAYS, Kind, Way

WAYS = {
    Way.NONE: "Not at all",
    Way.SITE: "On the site",
    Way.MAIL: "On the site, and a letter at once",
    Way.DIGEST: "On the site, and in the digest",
}


class LevelForm(forms.Form):
    level = forms.ChoiceField(
        label="What do you want to be told?", required=False, widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of these."},
    )  # fmt: skip

    def __init__(self, *args: Any, levels: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(levels.items())


class ChoicesForm(forms.Form):
    """A field for each kind, named like it, and how often a digest comes."""

    every = forms.ChoiceField(
        label="The digest comes", choices=Digest.Every.choices, error_messages={"invalid_choice": "Choose one of these."}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in Kind:
            self.fields[kind.value] = forms.ChoiceField(
                label=SAYS[kind], choices=[(way.value, words) for way, words in WAYS.items()],
                error_messages={"invalid_choice": "Choose one of these."},
            )  # fmt: skip
        self.order_fields([*(kind.value for kind in Kind), "every"])

    @property
    def ways(self) -> dict[str, str]:
        return {kind.value: self.cleaned_data[kind.value] for kind in Kind}
