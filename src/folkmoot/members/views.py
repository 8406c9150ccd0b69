"""The account page and the one-time link."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlsafe_base64_decode
from django.views.decorators.http import require_http_methods

from folkmoot.members import actions
from folkmoot.members.forms import PasswordForm, ProfileForm
from folkmoot.members.middleware import MemberRequest
from folkmoot.members.models import Member


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: MemberRequest) -> HttpResponse:
    member = request.member
    if member is None:
        return redirect(f"{settings.LOGIN_URL}?next=/account/")
    form = ProfileForm(request.POST or None, initial={n: getattr(member, n) for n in ProfileForm.base_fields})
    if request.method == "POST" and form.is_valid():
        actions.describe(member, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("members:account")
    return render(request, "members/account.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def one_time(request: MemberRequest, uid: str, token: str) -> HttpResponse:
    """Set a password by a link that works once, and sign in."""
    member = _member(uid)
    if member is None or not actions.one_time.check_token(member, token):
        return render(request, "members/link_used.html", status=404)
    form = PasswordForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        actions.set_password(member, form.cleaned_data["password"])
        login(request, member, backend=settings.AUTHENTICATION_BACKENDS[0])
        messages.success(request, f"Your password is set. Welcome, {member.name}.")
        return redirect("/")
    return render(request, "members/one_time.html", {"form": form, "name": member.name})


def _member(uid: str) -> Member | None:
    try:
        return Member.objects.filter(pk=int(urlsafe_base64_decode(uid))).first()
    except (ValueError, OverflowError):
        return None
