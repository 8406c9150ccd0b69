"""Outside text to clean values."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm, SignupForm
from allauth.account.utils import filter_users_by_email
from allauth.core import context, ratelimit
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.validators import MaxLengthValidator

from folkmoot.base.time import zone_choices
from folkmoot.members import rules
from folkmoot.members.addresses import network_of
from folkmoot.members.models import Member

PASSWORD_MAX = 200


def _limit(field: forms.Field, most: int) -> None:
    """A limit for a field that the library leaves without one; setting `max_length` alone would only be written in HTML."""
    field.validators.append(MaxLengthValidator(most))
    field.widget.attrs["maxlength"] = str(most)


class JoinForm(SignupForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Name"
        self.fields["username"].help_text = "How you will be known here. It cannot be changed later."
        self.fields["email"].help_text = "Only for a forgotten password. Never shown."
        self.fields["email"].label = "Mail address (optional)"
        self.fields["password1"].label = "Password"
        self.fields["password1"].help_text = "At least 10 characters, and not one that everybody uses."
        _limit(self.fields["username"], rules.NAME_MAX)
        _limit(self.fields["password1"], PASSWORD_MAX)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean(self) -> dict[str, Any]:
        """Nobody floods the house with accounts: so many an hour are made at all."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not ratelimit.consume(context.request, action="join", key="everybody"):
            raise forms.ValidationError("Very many people are joining right now. Please try again in an hour.")
        return data

    def validate_unique_email(self, value: str) -> str:
        """An address that a member has already is left out, and only its owner is told: an address is nobody's business."""
        if not filter_users_by_email(value):
            return value
        if settings.MAIL_URL:
            get_adapter().send_account_already_exists_mail(value)
        return ""


class SignInForm(LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Name or mail address"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""
        _limit(self.fields["login"], 254)
        _limit(self.fields["password"], PASSWORD_MAX)
        self.fields.pop("remember", None)


class _Code(forms.Form):
    """Six digits of a device, or a recovery code. Twenty wrong ones a day beside the library's five in five minutes."""

    user: Member
    code = forms.CharField(
        max_length=20, label="Code", help_text="Six digits that your app shows now; or one of your recovery codes.",
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )  # fmt: skip

    def clean_code(self) -> str:
        key = f"second-factor-{self.user.pk}"
        if not ratelimit.consume(context.request, action="second_factor", key=key):
            raise forms.ValidationError("There were too many wrong codes today. Try again tomorrow.")
        code: str = super().clean_code()  # type: ignore[misc]
        ratelimit.clear(context.request, action="second_factor", key=key)
        return code


class CodeForm(_Code, AuthenticateForm):  # type: ignore[misc]
    pass


class CodeAgainForm(_Code, ReauthenticateForm):  # type: ignore[misc]
    pass


class FirstCodeForm(_Code, ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "The six digits that the app shows now."
        self.fields["code"].widget.attrs.pop("autofocus")  # the picture comes first


class ReasonForm(forms.Form):
    """Every act of authority gives its reason."""

    reason = forms.CharField(
        max_length=500, label="Reason", help_text="Public, and kept on the record.", widget=forms.Textarea({"rows": 3})
    )


class PrivateForm(forms.Form):
    """Why an officer reads what is nobody's business."""

    reason = forms.CharField(
        max_length=500, label="Reason", widget=forms.Textarea({"rows": 3}),
        help_text="Public, and shown to whom it concerns. Write no name and no address into it.",
    )  # fmt: skip


class SeekMailForm(PrivateForm):
    asked = forms.CharField(
        max_length=254, label="Mail address", help_text="A whole address, or @ and a domain for everybody there."
    )
    field_order = ("asked", "reason")

    def clean_asked(self) -> str:
        asked: str = self.cleaned_data["asked"].strip()
        if "@" not in asked or "." not in asked.rpartition("@")[2]:
            raise forms.ValidationError("A mail address has an @ and a domain.")
        return asked


class SeekNetworkForm(PrivateForm):
    asked = forms.CharField(
        max_length=64, label="Network", help_text="Any address in it: 203.0.113.7 stands for all of 203.0.113.0/24."
    )
    field_order = ("asked", "reason")

    def clean_asked(self) -> str:
        network = network_of(self.cleaned_data["asked"].strip().split("/")[0])
        if network == "unknown":
            raise forms.ValidationError("That is no address of a machine. It is written like 203.0.113.7 or 2001:db8::1.")
        return network


class FindMemberForm(forms.Form):
    name = forms.CharField(max_length=rules.NAME_MAX, required=False, label="Name, or a part of it")


class ClaimForm(forms.Form):
    where = forms.CharField(
        max_length=rules.WHERE_MAX, label="Where does the code stand?", widget=forms.Textarea({"rows": 2}),
        help_text="The address of your post or profile on the old board.",
    )  # fmt: skip


class PasswordForm(forms.Form):
    password = forms.CharField(
        label="New password", widget=forms.PasswordInput({"autocomplete": "new-password"}), max_length=PASSWORD_MAX,
        help_text="At least 10 characters, and not one that everybody uses.",
    )  # fmt: skip

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.member)
        return password


class ProfileForm(forms.Form):
    about = forms.CharField(
        max_length=rules.ABOUT_MAX, required=False, label="About you", widget=forms.Textarea({"rows": 4}),
        help_text="Shown on your page. Markdown works.",
    )  # fmt: skip
    zone = forms.ChoiceField(required=False, label="Your time zone")
    theme = forms.ChoiceField(
        required=False, label="Light or dark",
        choices=[("", "As my device says"), ("light", "Light"), ("dark", "Dark")],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "The community's"), *zone_choices()]
