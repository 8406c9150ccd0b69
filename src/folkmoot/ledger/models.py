"""The outbox of the public record: every act of authority, written in the act's own transaction.

The log itself comes later and drains this table; nothing here is ever changed or deleted by a person.
"""

from django.db import models


class OutboxEntry(models.Model):
    """One act: offices and ids, never names or text. The reason is a salted reference, see `Reason`."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=60)
    office = models.CharField(max_length=30)
    officer = models.PositiveIntegerField(help_text="A stable number within the office: Administrator 1")
    facts = models.JSONField(help_text="The act's own fields: ids and numbers")
    reason_hash = models.CharField(max_length=64)
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} by {self.office} {self.officer}"


class Reason(models.Model):
    """The text behind an entry's `reason_hash` = SHA-256(salt ‖ text). Erasing it leaves the log whole."""

    entry = models.OneToOneField(OutboxEntry, on_delete=models.PROTECT, primary_key=True)
    salt = models.BinaryField(max_length=32)
    text = models.TextField(max_length=2000)

    def __str__(self) -> str:
        return self.text


class Officer(models.Model):
    """A member's number in an office: pseudonymous, stable, never reused."""

    member_id = models.BigIntegerField()
    office = models.CharField(max_length=30)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member_id", "office"], name="officer_once_per_office"),
            models.UniqueConstraint(fields=["office", "number"], name="officer_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.number}"
