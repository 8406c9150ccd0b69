"""Sessions in the state database; one SQL join fetches session and member, so that a ban bites at once."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils import timezone

from folkmoot.members.models import Member, Session

_COLUMNS = [f.column for f in Member._meta.concrete_fields]
_NAMES = [f.attname for f in Member._meta.concrete_fields]
_SQL = (
    "SELECT s.session_data, "
    + ", ".join(f'm."{column}"' for column in _COLUMNS)
    + " FROM state.members_session s LEFT JOIN members_member m ON m.id = s.member_id"
    + " WHERE s.session_key = %s AND s.expire_date > %s"
)


class SessionStore(DatabaseStore):
    """`member` is the row that came with the session; whether it may be trusted is the middleware's question."""

    member: Member | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(_SQL, [self.session_key, _database_time()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        if row[1] is not None:
            self.member = _member(row[1:])
        loaded: dict[str, Any] = self.decode(row[0])
        return loaded

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = super().create_model_instance(data)
        assert isinstance(session, Session)
        session.member_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return session


def _member(row: tuple[Any, ...]) -> Member:
    """A Member from a raw row, each value converted as its field would (SQLite gives text for times)."""
    values = list(row)
    for index, field in enumerate(Member._meta.concrete_fields):
        for convert in connection.ops.get_db_converters(field.get_col(Member._meta.db_table)):
            values[index] = convert(values[index], None, connection)
    return Member.from_db("default", _NAMES, values)


def _database_time() -> Any:
    return connection.ops.adapt_datetimefield_value(timezone.now())
