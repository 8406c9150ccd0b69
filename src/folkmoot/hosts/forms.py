"""Outside text to clean values."""

from django import forms

from folkmoot.hosts import rules
from folkmoot.members.forms import ReasonForm
from folkmoot.members.models import Member
from folkmoot.members.rules import NAME_MAX


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
