"""The rows behind the public record: every act of authority, written in the act's own transaction, and where the log stands.

Nothing here is changed or deleted by a person; a reason alone can be redacted, by an act of its own.
"""

from django.db import models

NOTE_MAX = 4000


class OutboxEntry(models.Model):
    """One act: offices and ids, never names or text. Why, and whom it concerns, are salted references: see `Reason`."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=60)
    office = models.CharField(max_length=30)
    officer = models.PositiveIntegerField(help_text="A stable number within the office: Administrator 1")
    facts = models.JSONField(help_text="The act's own fields: ids and numbers, no member's")
    forum_id = models.BigIntegerField(null=True, help_text="Of the facts, to find a forum's acts by")
    thread_id = models.BigIntegerField(null=True, help_text="Of the facts, to find a thread's acts by")
    reason_hash = models.CharField(max_length=64)
    people_hash = models.CharField(max_length=64, default="", help_text="Empty when it concerns nobody")
    told_at = models.DateTimeField()
    index = models.BigIntegerField(
        null=True, unique=True, help_text="Its place in the log; null while it waits to be written there"
    )

    class Meta:
        indexes = [
            models.Index(fields=["kind", "id"], name="outbox_kind"),
            models.Index(fields=["office", "id"], name="outbox_office"),
            models.Index(fields=["forum_id", "id"], name="outbox_forum"),
            models.Index(fields=["thread_id", "id"], name="outbox_thread", condition=models.Q(thread_id__isnull=False)),
            models.Index(fields=["told_at"], name="outbox_told"),
            models.Index(fields=["id"], name="outbox_waiting", condition=models.Q(index=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.office} {self.officer}"


class Reason(models.Model):
    """The text behind an entry's `reason_hash` = SHA-256(salt ‖ text), and whom the act concerns, behind its `people_hash`.
    Erasing them leaves the log whole."""

    entry = models.OneToOneField(OutboxEntry, on_delete=models.PROTECT, primary_key=True)
    salt = models.BinaryField(max_length=32)
    text = models.TextField(max_length=2000)
    people = models.JSONField(default=dict, help_text="Ids of the members whom it concerns; never shown")
    people_salt = models.BinaryField(max_length=32, default=b"", help_text="Of their hash; never shown")
    redacted_by = models.ForeignKey(
        OutboxEntry, on_delete=models.PROTECT, null=True, related_name="redacts", help_text="The act that erased salt and text"
    )

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


class Cosignature(models.Model):
    """A checkpoint that a witness, somebody independent, saw and signed: from then on what it holds cannot be written anew."""

    witness = models.CharField(max_length=200, help_text="Its public key, in one line")
    size = models.BigIntegerField()
    signed_at = models.DateTimeField(help_text="By the witness's clock")
    note = models.TextField(max_length=NOTE_MAX, help_text="The checkpoint with both signatures")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["size", "witness"], name="cosigned_once")]

    def __str__(self) -> str:
        return f"{self.size} by {self.witness}"


class Head(models.Model):
    """The last published checkpoint, as the database knows it: one row. The files may never fall behind it unnoticed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    verifier = models.CharField(max_length=400, help_text="The public key that it is signed with, in one line")

    def __str__(self) -> str:
        return f"{self.size} {self.root}"
