"""Mail: a letter is a row first, written in the action's transaction, and a tick sends it. A mail server that is down or
slow holds nobody up and loses nothing: the letter waits and is tried again, later each time."""

import logging
import smtplib
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as Smtp

from folkmoot.base.ticks import every
from folkmoot.site import actions

log = logging.getLogger("folkmoot")
SECONDS = 20
"""So long a mail server may take for one answer."""


class Outbox(BaseEmailBackend):
    """Django's side of it: `send_mail` and allauth write letters."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for letter in email_messages:
            actions.write_letter(letter.from_email, letter.recipients(), letter.message().as_bytes())
        return len(email_messages)


@every(5)
def send_letters() -> None:
    """Send what is due. Killed in the middle, a letter is tried again, so that at worst it comes twice."""
    if not settings.MAIL_URL:
        return
    server = Smtp(timeout=SECONDS)
    try:
        while (letter := actions.take_letter()) is not None:
            try:
                server.open()
                assert server.connection is not None
                server.connection.sendmail(letter.sender, letter.recipients.split(), bytes(letter.message))
            except smtplib.SMTPRecipientsRefused as refusal:
                log.warning("a letter was refused for good: %s", refusal)
                actions.end_letter(letter)
            except (OSError, smtplib.SMTPException) as trouble:
                actions.keep_letter(letter, error=str(trouble) or type(trouble).__name__)
                return  # the same server would fail the next letter too
            else:
                actions.end_letter(letter)
    finally:
        server.close()
