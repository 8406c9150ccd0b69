"""The ledger hears every act, in the act's transaction."""

import secrets
from dataclasses import fields

from folkmoot.base.events import Act, hears, touch
from folkmoot.base.time import now_moment, to_datetime
from folkmoot.ledger.actions import officer_number
from folkmoot.ledger.models import OutboxEntry, Reason
from folkmoot.ledger.rules import entries


@hears(Act)
def record(act: Act) -> None:
    salt = secrets.token_bytes(32)
    facts = {f.name: getattr(act, f.name) for f in fields(act) if f.name not in {"by", "office", "reason"}}
    now = to_datetime(now_moment())
    people, people_salt = entries.taken_out(facts), secrets.token_bytes(32)
    entry = OutboxEntry.objects.create(
        kind=type(act).__name__,
        office=act.office,
        officer=officer_number(act.by, act.office),
        facts=facts,
        forum_id=facts.get("forum_id"),
        thread_id=facts.get("thread_id"),
        reason_hash=entries.salted(salt, act.reason.encode()),
        people_hash=entries.people_hash(people_salt, people),
        told_at=now.replace(minute=0, second=0, microsecond=0) if act.rounded else now,
    )
    Reason.objects.create(entry=entry, salt=salt, text=act.reason, people=people, people_salt=people_salt)
    touch("ledger")
