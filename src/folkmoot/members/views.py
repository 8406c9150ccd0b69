"""The account page and the one-time link."""

from datetime import UTC, datetime

from allauth.account import views as allauth
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlsafe_base64_decode
from django.views.decorators.http import require_http_methods, require_POST

from folkmoot.base.answers import Refused
from folkmoot.base.time import to_moment
from folkmoot.members import actions, rules
from folkmoot.members.forms import ClaimForm, PasswordForm, ProfileForm
from folkmoot.members.middleware import MemberRequest
from folkmoot.members.models import Claim, Member, NightWatch
from folkmoot.members.queries import notices_of, reads_of


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
    told = {"reads": reads_of(member, reader=request.reader), "notices": notices_of(member, reader=request.reader)}
    return render(request, "members/account.html", {"form": form, **told})


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: MemberRequest) -> HttpResponse:
    """Create an account, unless a night watch is kept: then the page says until when."""
    watch = NightWatch.objects.filter(ended_at=None, until__gt=datetime.now(UTC)).first() if request.member is None else None
    if watch is None:
        answer: HttpResponse = allauth.signup(request)
        return answer
    until = request.reader.when(to_moment(watch.until))
    return render(request, "members/join_closed.html", {"until": until, "reason": watch.reason}, status=403)


@require_POST
def see_notices(request: MemberRequest) -> HttpResponse:
    """The banner about what was decided has been seen."""
    if request.member is None:
        return redirect(f"{settings.LOGIN_URL}?next=/account/")
    actions.see_notices(request.member)
    return redirect("members:account")


@require_POST
def see_reads(request: MemberRequest) -> HttpResponse:
    """The banner about private reads has been seen."""
    if request.member is None:
        return redirect(f"{settings.LOGIN_URL}?next=/account/")
    actions.see_reads(request.member)
    return redirect("members:account")


@require_http_methods(["GET", "HEAD", "POST"])
def one_time(request: MemberRequest, uid: str, token: str) -> HttpResponse:
    """Set a password by a link that works once, and sign in."""
    member = _member(uid)
    if member is None or not actions.one_time.check_token(member, token):
        return render(request, "members/link_used.html", status=410)
    form = PasswordForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        actions.set_password(member, form.cleaned_data["password"])
        messages.success(request, f"Your password is set, {member.name}.")
        signed_in: HttpResponse = perform_login(request, member, redirect_url="/")  # it asks for the second step, if there is one
        return signed_in
    return render(request, "members/one_time.html", {"form": form, "name": member.name})


@require_http_methods(["GET", "HEAD", "POST"])
def begin_claim(request: MemberRequest, name: str) -> HttpResponse:
    """How the owner of an account that moved in gets it back."""
    member = get_object_or_404(Member, name=name)
    answer = rules.may_claim(member)
    if request.method == "POST" and answer:
        if not ratelimit.consume(request, action="claim"):
            raise Refused("There were many claims from your network. Please try again tomorrow.")
        return redirect("members:claim", actions.begin_claim(member))
    context = {"person": member, "answer": answer, "has_mail": bool(settings.MAIL_URL)}
    return render(request, "members/begin_claim.html", context, status=200 if answer else 403)


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: MemberRequest, secret: str) -> HttpResponse:
    """The claimer's own page, known to nobody else: the code, where it stands, and what became of it."""
    found = get_object_or_404(Claim.objects.select_related("member"), secret_hash=actions.secret_hash(secret))
    form = ClaimForm(request.POST or None, initial={"where": found.where})
    if request.method == "POST" and form.is_valid():
        actions.show_claim(found, where=form.cleaned_data["where"])
        messages.success(request, "Thank you. An administrator will look; come back to this address.")
        return redirect("members:claim", secret)
    link = actions.link_for(found.member) if found.granted and found.member.claimable else ""
    context = {"claim": found, "person": found.member, "form": form, "link": link}
    return render(request, "members/claim.html", context)


def _member(uid: str) -> Member | None:
    try:
        return Member.objects.filter(pk=int(urlsafe_base64_decode(uid))).first()
    except (ValueError, OverflowError):
        return None
