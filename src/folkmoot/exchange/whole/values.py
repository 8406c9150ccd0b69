"""How a value of a row is written in a line, and read again."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from folkmoot.base.answers import no

Change = Callable[[Any], Any]


def writer(field: models.Field[Any, Any]) -> Change | None:
    """What makes a value one of JSON; None when it is one already."""
    if isinstance(field, models.DateTimeField):
        return lambda value: value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(field, models.DateField):
        return lambda value: value.isoformat()
    if isinstance(field, models.BinaryField):
        return lambda value: bytes(value).hex()
    if isinstance(field, models.JSONField):  # PostgreSQL keeps names in an order of its own
        return lambda value: json.loads(json.dumps(value, sort_keys=True))
    return None


def reader(name: str, field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> Change:
    """What checks a value and makes it one that the database takes."""

    def wrong(value: object) -> Any:
        no(f"{name} cannot be {json.dumps(value, ensure_ascii=False)[:60]}").or_refuse()

    may_be_null = field.null
    read = _reader_of(field, connection)
    kinds: tuple[type, ...] = (
        (bool,) if isinstance(field, models.BooleanField)
        else (int,) if isinstance(field, models.IntegerField | models.ForeignKey)
        else (dict, list) if isinstance(field, models.JSONField)
        else (str,)
    )  # fmt: skip
    longest = field.max_length if isinstance(field, models.CharField) else None

    def checked(value: Any) -> Any:
        if value is None:
            return None if may_be_null else wrong(value)
        if type(value) not in kinds or (longest is not None and len(value) > longest):
            return wrong(value)
        if read is None:
            return value.replace("\x00", "") if type(value) is str and "\x00" in value else value  # PostgreSQL has no NUL
        try:
            return read(value)
        except ValueError:
            return wrong(value)

    return checked


def _reader_of(field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> Change | None:
    if isinstance(field, models.DateTimeField):
        return lambda text: field.get_db_prep_save(_with_zone(text), connection)
    if isinstance(field, models.DateField):
        return lambda text: field.get_db_prep_save(date.fromisoformat(text), connection)
    if isinstance(field, models.BinaryField):
        return lambda text: field.get_db_prep_save(bytes.fromhex(text), connection)
    if isinstance(field, models.JSONField):
        return lambda value: field.get_db_prep_save(value, connection)
    return None


def _with_zone(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError(text)
    return when
