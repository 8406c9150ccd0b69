"""Sessions in the state database; one SQL join fetches session and member, so that a ban bites at once."""

from datetime import date
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils import timezone

from folkmoot.base.rows import Columns, row
from folkmoot.members.models import Member, Session

_MEMBER = Columns(Member, "m", at=2)
_SQL = f"""
SELECT s.session_data, v.day, {_MEMBER.sql}, m.office <> '' AND EXISTS (
    SELECT 1 FROM mfa_authenticator a WHERE a.user_id = m.id AND a.type = 'totp'
)
FROM state.members_session s LEFT JOIN members_member m ON m.id = s.member_id
    LEFT JOIN state.members_visit v ON v.member_id = s.member_id
WHERE s.session_key = %s AND s.expire_date > %s
"""


class SessionStore(DatabaseStore):
    """`member` is the row that came with the session; whether it may be trusted is the middleware's question."""

    member: Member | None = None
    seen_on: date | None = None
    """The day on which this member was last noted to look in."""
    network: str = ""
    """From which the request comes; the middleware says so."""

    @classmethod
    def _validate_session_key(cls, key: str | None) -> bool:
        """Our keys are letters and digits; a cookie may bring anything, a NUL too."""
        return bool(key) and len(str(key)) >= 8 and str(key).isalnum()

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        found = row(_SQL, [self.session_key, _database_time()])
        if found is None:
            self._session_key = None
            return {}
        if found[_MEMBER.at] is not None:
            self.member = _MEMBER.instance(found)
            self.seen_on = date.fromisoformat(str(found[1])) if found[1] else None
            self.member.second_factor = bool(found[-1]) if self.member.office else None
        loaded: dict[str, Any] = self.decode(found[0])
        return loaded

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = super().create_model_instance(data)
        assert isinstance(session, Session)
        session.member_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        session.network = self.network if session.member_id else ""
        return session


def _database_time() -> Any:
    return connection.ops.adapt_datetimefield_value(timezone.now())
