"""Which database a row lives in: `state` for what a visit writes, `default` for all else."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import OperationalError
from django.db.models import Model

from folkmoot.base.models import StateModel

_STATE_APPS = {"django_cache"}  # the throttles' table, see settings.CACHES


class Router:
    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return "state" if _is_state(model) else None

    db_for_write = db_for_read

    def allow_relation(self, left: Model, right: Model, **hints: Any) -> bool | None:
        return _is_state(type(left)) == _is_state(type(right))

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool | None:
        if app_label in _STATE_APPS:
            return db == "state"
        if model_name is None:
            return db == "default"
        try:
            model = apps.get_model(app_label, model_name)
        except LookupError:
            return db == "default"
        return _is_state(model) == (db == "state")


@contextmanager
def may_be_lost() -> Iterator[None]:
    """Around what a reader's visit writes: a full disk or a busy database must not keep the page from the reader."""
    try:
        yield
    except OperationalError as error:
        logging.getLogger("folkmoot").warning("a visit's note is lost: %s", error)


def _is_state(model: type[Model]) -> bool:
    return issubclass(model, StateModel) or model._meta.app_label in _STATE_APPS
