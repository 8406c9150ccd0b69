"""Which database a row lives in: `state` for what a visit writes, `default` for all else."""

from typing import Any

from django.apps import apps
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


def _is_state(model: type[Model]) -> bool:
    return issubclass(model, StateModel) or model._meta.app_label in _STATE_APPS
