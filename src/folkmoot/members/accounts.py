"""How allauth meets our members."""

from datetime import UTC, datetime
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from markupsafe import Markup

from folkmoot.base.answers import Answer
from folkmoot.members import actions, rules
from folkmoot.members.addresses import network_of
from folkmoot.members.models import Member


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """One password is checked, whoever is asked for: a name holds no @, an address does. (The library would try an
    address as a name, too, and so be slower for the addresses that somebody has.)"""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Member | None:
        login = credentials.get("username") or credentials.get("email") or ""
        which = {"email" if "@" in login else "username": login}
        found: Member | None = super().authenticate(request, password=credentials.get("password"), **which)
        return found


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def clean_username(self, username: str, shallow: bool = False) -> str:
        name = username.strip()
        for answer in (rules.may_be_named(name), actions.may_take(name)):
            _or_invalid(answer)
        return name

    def clean_email(self, email: str) -> str:
        """At joining and later: no address of a house whose mail is thrown away."""
        kept: str = super().clean_email(email)
        _or_invalid(rules.may_write_to(kept, watched=actions.watched_mail()))
        return kept

    def new_user(self, request: HttpRequest) -> Member:
        return Member(joined_at=datetime.now(UTC))

    def save_user(self, request: HttpRequest, user: Member, form: Any, commit: bool = True) -> Member:
        user.name_key = rules.name_key(form.cleaned_data["username"])
        saved: Member = super().save_user(request, user, form, commit)
        return saved

    def set_password(self, user: Member, password: str) -> None:
        """By a link in a mail: it also shows who owns an account that moved in."""
        actions.set_password(user, password)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Who wrote before they had an account goes back to their words, whichever link they took to sign in."""
        words = request.session.get("words")
        return str(words["path"]) if words else super().get_login_redirect_url(request)

    get_signup_redirect_url = get_login_redirect_url

    def get_client_ip(self, request: HttpRequest) -> str:
        """The visitor's network, which the limits count by: a /24 of IPv4, a /56 of IPv6."""
        return network_of(request.META["REMOTE_ADDR"])

    def is_safe_url(self, url: str | None) -> bool:
        """Only our own paths: nothing is ever compared with the Host header."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_reset_password_from_key_url(self, key: str) -> str:
        address: str = super().get_reset_password_from_key_url(key)
        return _ours(address)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        address: str = super().get_email_confirmation_url(request, emailconfirmation)
        return _ours(address)


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """A code from a device, beside the password; the library's own words and secrets otherwise."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That is not the code, or it has been used. Wait for the next one.",
        "cannot_generate_recovery_codes": "Set up the second step first.",
    }

    def get_totp_label(self, user: Member) -> str:
        return user.name

    def get_totp_issuer(self) -> str:
        return str(context.request.frame.name)

    def build_totp_svg(self, url: str) -> Markup:
        """Drawn by shapes alone: a picture in an address, or a style, is nothing that our pages may load."""
        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
        return Markup(
            '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="QR code of the secret" shape-rendering="crispEdges">'
            '<rect width="{0}" height="{0}" fill="#fff"/><path d="{1}" fill="#000"/></svg>'
        ).format(len(rows), path)


def _ours(address: str) -> str:
    """The same path on PUBLIC_URL, whatever host the request named."""
    path = address.split("://", 1)[-1].partition("/")[2]
    return f"{settings.PUBLIC_URL}/{path}"


def _or_invalid(answer: Answer) -> None:
    if not answer:
        raise ValidationError(str(answer.reason))
