"""Mail: a letter is a row first, written in the action's transaction, and a tick sends it. A mail server that is down or
slow holds nobody up and loses nothing: the letter waits and is tried again, later each time."""

import logging
import re
import smtplib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as Smtp
from django.db import transaction

from folkmoot.base.ticks import every
from folkmoot.site import rules
from folkmoot.site.models import Letter

log = logging.getLogger("folkmoot")
SECONDS = 20
"""So long a mail server may take for one answer."""


class Outbox(BaseEmailBackend):
    """Django's side of it: `send_mail` and allauth write letters."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        now = datetime.now(UTC)
        for letter in email_messages:
            message = _wire(letter.message().as_bytes())
            Letter.objects.create(
                sender=letter.from_email, recipients=letter.recipients(), message=message, made_at=now, next_at=now
            )  # fmt: skip
        return len(email_messages)


def _wire(message: bytes) -> bytes:
    """With the line ends of RFC 5321."""
    return re.sub(rb"\r?\n", b"\r\n", message)


@every(5)
def send_letters() -> None:
    """Send what is due. Killed in the middle, a letter is tried again, so that at worst it comes twice."""
    if not settings.MAIL_URL:
        return
    server = Smtp(timeout=SECONDS)
    try:
        while (letter := _next()) is not None:
            try:
                server.open()
                assert server.connection is not None
                server.connection.sendmail(letter.sender, letter.recipients, bytes(letter.message))
            except smtplib.SMTPRecipientsRefused as refusal:
                log.warning("a letter was refused for good: %s", _said(refusal))
                letter.delete()
            except (OSError, smtplib.SMTPException) as trouble:
                Letter.objects.filter(pk=letter.pk).update(error=_said(trouble))
                return  # the same server would fail the next letter too
            else:
                letter.delete()
    finally:
        server.close()


def _said(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:300]


@transaction.atomic
def _next() -> Letter | None:
    """The next letter that is due, put off before it is sent, so that no two workers send it at once."""
    now = datetime.now(UTC)
    Letter.objects.filter(made_at__lt=now - timedelta(days=rules.LETTER_DAYS)).delete()
    due = Letter.objects.filter(next_at__lte=now).order_by("next_at", "pk")
    letter = due.select_for_update(skip_locked=True).first()
    if letter is not None:
        letter.tries += 1
        letter.next_at = now + rules.wait_after(letter.tries)
        letter.save(update_fields=["tries", "next_at"])
    return letter
