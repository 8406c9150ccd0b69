"""Hosts' seats, and members blocked from a forum. `Member.host_of` and `blocked_from` mirror what is running here."""

from django.db import models

from folkmoot.forums.models import Forum
from folkmoot.members.models import Member

REASON_MAX = 500


class HostSeat(models.Model):
    """A seat that was offered, taken and left. Nothing of it is ever deleted."""

    class Ending(models.TextChoices):
        DECLINED = "declined", "declined"
        LAPSED = "lapsed", "not answered in time"
        WITHDRAWN = "withdrawn", "taken back"
        TERM = "term", "served their term"
        RESIGNED = "resigned", "resigned"
        REMOVED = "removed", "was removed"
        SERVICE = "service", "service ended by the charter"
        RECALLED = "recalled", "recalled by the members"

    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="host_seats", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="host_seats")
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    offered_office = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=REASON_MAX, blank=True, help_text="Of the offer")
    appointed_at = models.DateTimeField(null=True, help_text="When the member said yes")
    officer = models.PositiveIntegerField(null=True, help_text="The host's number on the record: Host 3")
    ends_at = models.DateTimeField(null=True, help_text="The end of the term, in a main forum")
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["forum", "member"], condition=models.Q(ended_at=None), name="seat_once_a_forum"),
        ]
        indexes = [
            models.Index(fields=["forum", "appointed_at"], name="seat_of_forum"),
            models.Index(fields=["id"], condition=models.Q(ended_at=None), name="seat_running"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in forum {self.forum_id}"


class ForumBlock(models.Model):
    """A member who may not write in a forum until a day."""

    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="blocks", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="blocks")
    blocked_at = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=REASON_MAX, blank=True)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    office = models.CharField(max_length=30)
    officer = models.PositiveIntegerField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["forum", "member"], condition=models.Q(ended_at=None), name="blocked_once_a_forum"),
        ]
        indexes = [models.Index(fields=["until"], condition=models.Q(ended_at=None), name="block_running")]

    def __str__(self) -> str:
        return f"{self.member_id} out of forum {self.forum_id}"


class IntakeSeat(models.Model):
    """A member of the intake team, which looks at new accounts. `Member.on_intake_team` mirrors what is running."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    appointed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member"], condition=models.Q(ended_at=None), name="intake_seat_once")]

    def __str__(self) -> str:
        return f"{self.member_id} on the intake team"


class Revocation(models.Model):
    """A new account that the intake team would close: open, until so many agree as the charter says; then done, and undone."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="revocations", db_index=False)
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    undo_until = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True, help_text="When its posts were removed, if they were: threads.actions.sweep")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member"], condition=models.Q(undone_at=None), name="revoked_once")]
        indexes = [models.Index(fields=["-opened_at"], name="revocation_newest")]

    def __str__(self) -> str:
        return f"revocation of {self.member_id}"


class Agreement(models.Model):
    """One of the team would close the account, and why."""

    revocation = models.ForeignKey(Revocation, on_delete=models.PROTECT, related_name="agreements", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()
    reason = models.CharField(max_length=REASON_MAX)
    sweeps = models.BooleanField(help_text="Would remove its posts, too")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revocation", "member"], name="agreed_once")]

    def __str__(self) -> str:
        return f"{self.member_id} agrees to {self.revocation_id}"
