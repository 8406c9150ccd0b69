"""Cases, juries and votes. The ledger learns of them at a tick; until then, and for names for ever, these rows are the holders.

No page shows who alerted, who sat, or who voted what: docs/rooms/juries.md says which query may read what.
"""

from django.db import models

from folkmoot.forums.models import Forum
from folkmoot.juries import rules
from folkmoot.ledger.models import OutboxEntry
from folkmoot.members.models import Member
from folkmoot.standards.models import Edition, Standard
from folkmoot.threads.events import PostHidden
from folkmoot.threads.models import Post, State

HASH = 64
"""Hex digits of a SHA-256."""


class OptedOut(models.Model):
    """A member who does not want to be drawn. Everybody else who may serve is in the pool."""

    member = models.OneToOneField(Member, on_delete=models.PROTECT, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.member_id} does not serve"


class JuryBlock(models.Model):
    """A member whom another keeps off the juries of their posts. Kept when it ends: lists count as of a week before the post."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    blocked = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "blocked"], condition=models.Q(ended_at=None), name="block_once"),
        ]
        indexes = [models.Index(fields=["member", "made_at"], name="block_of_member")]

    def __str__(self) -> str:
        return f"{self.member_id} without {self.blocked_id}"


class Pool(models.Model):
    """Who may be drawn on a day: how many, and the root over their tokens. Key and order lie in a file, see pools.py."""

    epoch = models.PositiveIntegerField(unique=True, help_text="The day, counted from 1970")
    made_at = models.DateTimeField()
    rule = models.PositiveIntegerField(help_text="The number of the edition by whose charter it was made")
    n = models.PositiveIntegerField()
    root = models.CharField(max_length=HASH)
    size = models.CharField(max_length=5, help_text="Whether juries are full, small, or none: counted before who was here lately")
    entry = models.ForeignKey(OutboxEntry, on_delete=models.PROTECT, null=True, related_name="+")
    destroyed_at = models.DateTimeField(null=True, help_text="The key is gone: nobody can tell any more whose a token was")

    def __str__(self) -> str:
        return f"pool {self.epoch}"


class Case(models.Model):
    """One a revision of a post, ever. Judged is what the post said then, whatever is edited meanwhile.

    Or one an act of an office: its author is the officer then, the post what the act was about, and hidden means undone.
    """

    class State(models.TextChoices):
        OPEN = "open", "before a jury"
        HIDDEN = "hidden", "hidden"
        LEFT = "left", "left"

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="cases", db_index=False)
    revision = models.PositiveIntegerField(help_text="The post's edits when it was alerted on")
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="cases", db_index=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+", help_text="In force when it was written")
    charter = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="+", help_text="In force when the case was opened"
    )
    opened_at = models.DateTimeField()
    content = models.JSONField(default=list, help_text="The revision and up to three before it, without names: rules.exhibits")
    salt = models.BinaryField(max_length=32, default=b"")
    in_danger = models.BooleanField(default=False, help_text="Somebody may be in danger: jurors have less time to answer")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, null=True, related_name="+", help_text="Which it broke")
    closed_at = models.DateTimeField(null=True, help_text="When the latest verdict was reached")
    act = models.OneToOneField(
        OutboxEntry, on_delete=models.PROTECT, null=True, related_name="+", help_text="What an office did, when that is judged"
    )
    hidden_by_office = models.BooleanField(default=False, help_text="An office hid it in haste, and this is its check")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "revision"], condition=models.Q(act=None), name="case_once")]
        indexes = [
            models.Index(fields=["-closed_at"], condition=models.Q(closed_at__isnull=False), name="case_closed"),
            models.Index(fields=["author", "-closed_at"], name="case_of_author"),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"

    @property
    def is_removed(self) -> bool:
        """On legal grounds: nobody may be sent it any more, jurors included. (A post that was turned away is, by the act.)"""
        return self.post.state == State.REMOVED and (self.act is None or self.act.kind != PostHidden.__name__)

    @property
    def words_are_gone(self) -> bool:
        """After its verdict nobody is shown what was judged: it was removed, or its author has taken it back."""
        return self.post.state in (State.REMOVED, State.WITHDRAWN)


class Alert(models.Model):
    """A member says that a post breaks a standard. One a standard; an office that hid in haste is one too, without a member."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="alerts", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=rules.ALERT_MAX)
    made_at = models.DateTimeField()
    agreed = models.BooleanField(null=True, help_text="Whether any juror found a breach; null before the verdict")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "standard"], name="alleged_once")]
        indexes = [models.Index(fields=["member", "-made_at"], name="alert_of_member")]

    def __str__(self) -> str:
        return f"alert on {self.case_id}"


class Jury(models.Model):
    """Members who judge a case: at first, once more when time ran out, on appeal; or a second time without effect."""

    class Kind(models.TextChoices):
        FIRST = "first", "the jury"
        AGAIN = "again", "the jury after one that ran out of time"
        APPEAL = "appeal", "the jury of appeal"
        SECOND = "second", "the second jury, without effect"
        OFFICERS = "officers", "two officers"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="juries")
    kind = models.CharField(max_length=8, choices=Kind)
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, null=True, related_name="+")
    seats = models.PositiveSmallIntegerField(default=0, help_text="0 while it waits for a pool")
    needs = models.PositiveSmallIntegerField(default=0, help_text="Votes that name one standard, to hide or keep hidden")
    asked_at = models.DateTimeField()
    appellant = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    appeal = models.TextField(max_length=rules.APPEAL_MAX, blank=True)
    panel_at = models.DateTimeField(null=True, help_text="An appeal that could not be filled: it went to the review panel")
    excluded = models.JSONField(default=list, help_text="Leaves: salt and token, 48 bytes each in hex, ascending")
    counted = models.JSONField(default=dict, help_text="Alerts and replies when it was prepared: what everybody can count")
    excluded_root = models.CharField(max_length=HASH, blank=True)
    opening = models.ForeignKey(OutboxEntry, on_delete=models.PROTECT, null=True, related_name="+", help_text="Its CaseOpened")
    source = models.CharField(max_length=80, blank=True)
    round = models.BigIntegerField(null=True)
    randomness = models.CharField(max_length=HASH, blank=True)
    signature = models.CharField(max_length=192, blank=True, help_text="A beacon's, whose hash the randomness is; hex")
    seed = models.CharField(max_length=HASH, blank=True)
    drawn_at = models.DateTimeField(null=True)
    start = models.PositiveIntegerField(default=0, help_text="The first position that it walks")
    walked = models.PositiveIntegerField(default=0, help_text="The position after the last that it walked")
    deadline = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    hides = models.BooleanField(default=False)
    lapsed = models.BooleanField(default=False, help_text="Time ran out below the threshold")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, null=True, related_name="+")
    tally = models.JSONField(default=list, help_text="Votes by choice, in the order of rules.Choice")
    verdict = models.ForeignKey(
        OutboxEntry, on_delete=models.PROTECT, null=True, related_name="+", help_text="Its VerdictReached"
    )
    stirred_at = models.DateTimeField(help_text="When it last moved: a watchdog lists what stands still")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="jury_once")]
        indexes = [models.Index(fields=["id"], condition=models.Q(verdict=None), name="jury_unfinished")]

    def __str__(self) -> str:
        return f"{self.kind} of case {self.case_id}"


class Seat(models.Model):
    """A position in the order of the draw, and what became of it. Only `walked` ones are ever told."""

    class State(models.TextChoices):
        EXCLUDED = "excluded", "excluded"
        SUMMONED = "summoned", "asked"
        ACCEPTED = "accepted", "ready to serve"
        SEATED = "seated", "seated"
        VOTED = "voted", "has voted"
        UNABLE = "unable", "could not judge"
        DECLINED = "declined", "declined"
        SILENT = "silent", "gave no answer in time"

    jury = models.ForeignKey(Jury, on_delete=models.PROTECT, related_name="places", db_index=False)
    position = models.PositiveIntegerField()
    index = models.PositiveIntegerField(help_text="The place in the pool")
    token = models.CharField(max_length=HASH)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=State)
    salt = models.CharField(max_length=32, blank=True, help_text="Of an exclusion's leaf, hex")
    summoned_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    seated_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True, help_text="When it declined, fell silent, or gave the seat up")
    settled_at = models.DateTimeField(null=True, help_text="When the walk went past it")
    taken = models.ForeignKey(OutboxEntry, on_delete=models.PROTECT, null=True, related_name="+", help_text="Its SeatTaken")
    refused = models.ForeignKey(OutboxEntry, on_delete=models.PROTECT, null=True, related_name="+", help_text="Its SeatRefused")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["jury", "position"], name="position_once")]
        indexes = [models.Index(fields=["member", "-summoned_at"], name="seat_of_member")]

    def __str__(self) -> str:
        return f"{self.position} of {self.jury_id}"


class Vote(models.Model):
    """Secret until the verdict; shown then with its reason, and never with a name."""

    seat = models.OneToOneField(Seat, on_delete=models.PROTECT, primary_key=True, related_name="vote")
    choice = models.PositiveSmallIntegerField()
    standard = models.PositiveSmallIntegerField(default=0, help_text="The number of the standard that it names; 0 for none")
    reason = models.TextField(max_length=rules.REASON_MAX, blank=True)
    nonce = models.BinaryField(max_length=32)
    commitment = models.CharField(max_length=HASH, unique=True)
    cast_at = models.DateTimeField(null=True, help_text="Null where a public export was moved in")
    entry = models.ForeignKey(OutboxEntry, on_delete=models.PROTECT, null=True, related_name="+", help_text="Its VoteCast")

    def __str__(self) -> str:
        return f"vote of {self.seat_id}"
