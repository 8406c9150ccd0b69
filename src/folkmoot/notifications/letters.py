"""Letters about what a member is told: text and HTML, with a way to stop them in one click (RFC 8058)."""

from collections.abc import Sequence

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from folkmoot.members.models import Member
from folkmoot.notifications.models import Notification
from folkmoot.notifications.rules import Kind

LINES = 100
"""So many lines a digest holds at most; the page has all."""

_SALT = "notifications.stop"


def send_one(line: Notification, member: Member) -> None:
    _send(member, subject_of(line), [line], stop=line.kind)


def send_digest(member: Member, lines: Sequence[Notification]) -> None:
    _send(member, f"{len(lines)} {'thing' if len(lines) == 1 else 'things'} since your last digest", lines, stop="digest")


def _send(member: Member, subject: str, lines: Sequence[Notification], *, stop: str) -> None:
    """Nothing is sent where no mail server is set, and to nobody without an address."""
    if not settings.MAIL_URL or not member.email:
        return
    stop_at = settings.PUBLIC_URL + reverse("notifications:stop", args=[token(member.pk, stop)])
    context = {
        "lines": [(subject_of(line), settings.PUBLIC_URL + address_of(line)) for line in lines],
        "stop": stop_at, "name": member.name,
        "choices": settings.PUBLIC_URL + reverse("notifications:choices"), "subject": subject,
    }  # fmt: skip
    letter = EmailMultiAlternatives(
        subject, render_to_string("notifications/letter.txt", context), None, [member.email],
        headers={"List-Unsubscribe": f"<{stop_at}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )  # fmt: skip
    letter.attach_alternative(render_to_string("notifications/letter.html", context), "text/html")
    letter.send()


def subject_of(line: Notification) -> str:
    """What it says, in a line: *Ada answers you: Re: The bridge*."""
    who, about = line.by.name if line.by else "Somebody", f": {line.subject}" if line.subject else ""
    many, forum = f"{line.count} " if line.count > 1 else "", line.post.forum.name if line.post else ""
    return {
        Kind.REPLY: f"{who} answers you{about}",
        Kind.MENTION: f"{who} names you{about}",
        Kind.THREAD: f"{many or 'A '}new {'replies' if many else 'reply'}{about}",
        Kind.FORUM: f"{many or 'A '}new {'posts' if many else 'post'} in {forum}{about}",
        Kind.RECOMMENDED: f"{many or 'A '}new {'recommendations' if many else 'recommendation'}{about}",
        Kind.JURY: "A jury asks for you" if line.is_summons else "A jury has news for you",
    }[Kind(line.kind)]


def address_of(line: Notification) -> str:
    return line.address or (f"/posts/{line.post_id}/" if line.post_id else "/notifications/")


def token(member_id: int, kind: str) -> str:
    return signing.dumps([member_id, kind], salt=_SALT)


def read_token(text: str) -> tuple[int, str] | None:
    """Whose letters of which kind a link stops; it holds for ever."""
    try:
        member_id, kind = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(member_id), str(kind)
