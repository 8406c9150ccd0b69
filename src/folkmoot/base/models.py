"""Rows that know no forum word."""

from django.db import models


class StateModel(models.Model):
    """A row that a reader's visit writes. It lives in the `state` database, never in the main one, has no foreign
    keys, and may be lost without losing anything that a person wrote."""

    class Meta:
        abstract = True


class Touch(models.Model):
    """The invalidation log: an action changed what pages with this tag show. Written in the action's transaction."""

    id = models.BigAutoField(primary_key=True)
    tag = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.tag
