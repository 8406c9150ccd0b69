"""The review panel: who sits on it, and what it reviews. `Member.on_panel` mirrors who sits there now."""

from django.db import models

from folkmoot.juries.models import Jury
from folkmoot.members.models import Member
from folkmoot.panel.rules import REASON_MAX, TEXT_MAX
from folkmoot.standards.models import Draft


class PanelSeat(models.Model):
    """A seat that a member was elected to. Nothing of it is ever deleted."""

    class Ending(models.TextChoices):
        TERM = "term", "served their term"
        RESIGNED = "resigned", "resigned"
        SERVICE = "service", "service ended by the charter"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="panel_seats")
    draft = models.OneToOneField(Draft, on_delete=models.PROTECT, related_name="panel_seat", help_text="By which they stood")
    begins_at = models.BigIntegerField(help_text="All of these are moments")
    ends_at = models.BigIntegerField(help_text="The end of the term")
    officer = models.PositiveIntegerField(null=True, help_text="Their number on the record: Panel 2; empty before it has begun")
    ended_at = models.BigIntegerField(null=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=models.Q(ended_at=None), name="panel_seat_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} on the review panel"


class Review(models.Model):
    """What the panel is asked to look at again: a ban, once, or a verdict for whose appeal no jury could be filled."""

    class Outcome(models.TextChoices):
        OPEN = "", "not decided yet"
        UNDONE = "undone", "undone"
        STANDS = "stands", "stands"
        DROPPED = "dropped", "undone meanwhile, without the panel"

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="+", db_index=False, help_text="Whose ban it is, or who appealed"
    )
    jury = models.OneToOneField(Jury, on_delete=models.PROTECT, null=True, related_name="+", help_text="Of an appeal")
    banned_at = models.DateTimeField(null=True, help_text="Which ban of theirs")
    ban_reason = models.TextField(max_length=2000, blank=True, help_text="As it stood when they asked")
    text = models.TextField(max_length=TEXT_MAX, help_text="Why it was wrong, in the member's words")
    asked_at = models.BigIntegerField(help_text="A moment, as decided_at")
    decided_at = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default=Outcome.OPEN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "banned_at"], name="reviewed_once")]
        indexes = [models.Index(fields=["outcome", "-id"], name="review_outcome")]

    def __str__(self) -> str:
        return f"review {self.pk}"

    @property
    def heading(self) -> str:
        """What it is about. An appeal names nobody, as its case does not."""
        return f"the verdict in case {self.jury.case_id}" if self.jury else f"the ban of {self.member.name}"


class Opinion(models.Model):
    """What one of the panel finds, and why."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="opinions", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    officer = models.PositiveIntegerField(help_text="Their number on the record")
    undoes = models.BooleanField(help_text="It should be undone")
    reason = models.TextField(max_length=REASON_MAX, blank=True, help_text="Empty when it was redacted")
    given_at = models.BigIntegerField(help_text="A moment")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "member"], name="opinion_once")]

    def __str__(self) -> str:
        return f"Panel {self.officer} on review {self.review_id}"
