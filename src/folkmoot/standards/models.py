"""The community standards, edition by edition, the charter's numbers with their history, and the drafts that change them, or
who holds an office."""

from django.db import models

from folkmoot.forums.models import Forum
from folkmoot.members.models import Member
from folkmoot.standards.rules import CHARTER, REASON_MAX, Change, Charter, Choice, Kind, Opening, Stage, Tally
from folkmoot.standards.rules.charter import NUMBERS
from folkmoot.threads.models import Thread

TITLE_MAX = 80
TEXT_MAX = 2000


class Edition(models.Model):
    """The standards and the charter as they are from a moment on. Nothing of it is changed: a ratified draft makes the next."""

    number = models.PositiveIntegerField(unique=True)
    in_force = models.BigIntegerField(unique=True, help_text="A moment: what is written from then on is judged by it")
    charter = models.JSONField(help_text="Every number: rules.charter.Charter")
    is_to_be_told = models.BooleanField(default=False, help_text="It was ratified, and is not in force yet")

    def __str__(self) -> str:
        return f"edition {self.number}"

    @property
    def numbers(self) -> Charter:
        return CHARTER.changed(self.charter)


class Standard(models.Model):
    """A numbered rule. The number is its own for ever; its words are those of an edition."""

    number = models.PositiveSmallIntegerField(unique=True)

    def __str__(self) -> str:
        return f"standard {self.number}"


class Wording(models.Model):
    """What a standard says in an edition. One without a wording in an edition is not in force there."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="wordings", db_index=False)
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="wordings")
    title = models.CharField(max_length=TITLE_MAX)
    text = models.TextField(max_length=TEXT_MAX)
    core = models.CharField(max_length=300, blank=True, help_text="Why no vote can take it away; empty when one can")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "standard"], name="wording_once")]
        ordering = ["standard__number"]

    def __str__(self) -> str:
        return self.title


class Election(models.Model):
    """Of members of the review panel: whoever stands, stands as a draft of its own, and all go to one ballot."""

    seats = models.PositiveSmallIntegerField()
    begun_at = models.BigIntegerField(help_text="All of these are moments")
    stands_until = models.BigIntegerField(help_text="So long members stand and are seconded")
    ballot_at = models.BigIntegerField(null=True, help_text="The ballot opens; empty while members stand")
    closes_at = models.BigIntegerField(null=True, help_text="The ballot ends; empty before it is open")
    ended_at = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"election {self.pk}"


class Draft(models.Model):
    """A change of one thing that a member put forward: seconded, discussed, voted on, decided."""

    class Kinds(models.TextChoices):
        NEW = Kind.NEW.value, "a new standard"
        WORDS = Kind.WORDS.value, "other words for a standard"
        REMOVAL = Kind.REMOVAL.value, "the end of a standard"
        NUMBERS = Kind.NUMBERS.value, "numbers of the charter"
        RECALL = Kind.RECALL.value, "the recall of a host"
        CANDIDACY = Kind.CANDIDACY.value, "a seat on the review panel"

    class Stages(models.TextChoices):
        SECONDING = Stage.SECONDING.value, "being seconded"
        DISCUSSION = Stage.DISCUSSION.value, "in discussion"
        BALLOT = Stage.BALLOT.value, "at the ballot"
        RATIFIED = Stage.RATIFIED.value, "ratified"
        REJECTED = Stage.REJECTED.value, "rejected"
        NO_QUORUM = Stage.NO_QUORUM.value, "too few voted"
        SET_ASIDE = Stage.SET_ASIDE.value, "set aside"
        WITHDRAWN = Stage.WITHDRAWN.value, "withdrawn"

    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="drafts", db_index=False)
    key = models.CharField(max_length=36, null=True, help_text="The form's own key: a double submit makes one draft")
    kind = models.CharField(max_length=10, choices=Kinds)
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, null=True, related_name="drafts")
    title = models.CharField(max_length=TITLE_MAX, blank=True, help_text="Of a removal: what the standard was called")
    text = models.TextField(max_length=TEXT_MAX, blank=True)
    values = models.JSONField(default=dict, help_text="The charter's numbers that it changes, by their names")
    reason = models.TextField(max_length=REASON_MAX)
    base = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+", help_text="It was written against this one")
    seat = models.BigIntegerField(null=True, help_text="Of a recall: the host's seat, a row of the room above")
    host = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, help_text="Of a recall: who sits there"
    )
    forum = models.ForeignKey(
        Forum, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, help_text="Of a recall: where"
    )
    election = models.ForeignKey(Election, on_delete=models.PROTECT, null=True, related_name="drafts")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True, related_name="+", help_text="Where it is discussed")
    stage = models.CharField(max_length=10, choices=Stages, default=Stages.SECONDING)
    second_count = models.PositiveIntegerField(default=0)
    seconds_needed = models.PositiveIntegerField(null=True, help_text="Of a recall: settled when it was put forward")
    made_at = models.BigIntegerField(help_text="All of these are moments")
    seconds_until = models.BigIntegerField(null=True, help_text="Of a recall: so long it can be seconded")
    ballot_at = models.BigIntegerField(null=True, help_text="The discussion ends, the ballot opens")
    closes_at = models.BigIntegerField(null=True, help_text="The ballot ends")
    ended_at = models.BigIntegerField(null=True, help_text="It was decided, set aside or withdrawn")
    charter = models.JSONField(null=True, help_text="The numbers that it goes by: those of when its roll was closed")
    roll = models.CharField(max_length=32, blank=True, help_text="The name of its roll's files, see rolls.py")
    rolled_at = models.BigIntegerField(null=True, help_text="The roll was closed")
    voters = models.PositiveIntegerField(default=0, help_text="So many stand on the roll")
    roll_root = models.CharField(max_length=64, blank=True)
    yes = models.PositiveIntegerField(default=0)
    nays = models.PositiveIntegerField(default=0)
    abstentions = models.PositiveIntegerField(default=0)
    ballots_root = models.CharField(max_length=64, blank=True)
    openings_hash = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=500, blank=True, help_text="Why it was set aside")
    edition = models.OneToOneField(
        Edition, on_delete=models.PROTECT, null=True, related_name="draft", help_text="It made this one"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="draft_once"),
            models.UniqueConstraint(fields=["author", "election"], name="candidate_once"),
        ]
        indexes = [
            models.Index(fields=["stage", "-id"], name="draft_stage"),
            models.Index(fields=["author", "-id"], name="draft_of"),
            models.Index(fields=["seat", "-id"], condition=models.Q(seat__isnull=False), name="draft_recall"),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def heading(self) -> str:
        """What it is about, in a line."""
        number = self.standard.number if self.standard else 0
        if self.host and self.forum:
            return f"The recall of {self.host.name} as host of {self.forum.name}"
        if self.kind == Kind.CANDIDACY:
            return f"{self.author.name} for the review panel"
        if self.kind == Kind.NUMBERS:
            said = [f"{NUMBERS[name].says}: {value} {NUMBERS[name].unit}" for name, value in self.values.items()]
            return said[0] if len(said) == 1 else f"{len(said)} numbers of the charter"
        if self.kind == Kind.NEW:
            return f"A new standard: {self.title}"
        return f"{'Other words for' if self.kind == Kind.WORDS else 'The end of'} standard {number}: {self.title}"

    def needs(self, charter: Charter) -> int:
        """So many others second it."""
        return self.seconds_needed or charter.seconds

    @property
    def stage_says(self) -> str:
        if self.kind in _ENDS and self.stage in _ENDS[self.kind]:
            return _ENDS[self.kind][self.stage]
        return str(self.Stages(self.stage).label)

    @property
    def change(self) -> Change:
        return Change(Kind(self.kind), self.standard.number if self.standard else 0, self.title, self.text, self.values)

    @property
    def numbers(self) -> Charter:
        return CHARTER.changed(self.charter or {})

    @property
    def tally(self) -> Tally:
        return Tally(self.yes, self.nays, self.abstentions)


_ENDS = {
    Kind.RECALL.value: {Stage.RATIFIED.value: "carried: recalled", Stage.REJECTED.value: "not carried"},
    Kind.CANDIDACY.value: {Stage.RATIFIED.value: "elected", Stage.REJECTED.value: "not elected"},
}


class Second(models.Model):
    """A member wants a draft to be put to the vote."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="seconds", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    moment = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "member"], name="second_once")]

    def __str__(self) -> str:
        return f"{self.member_id} for {self.draft_id}"


class Ballot(models.Model):
    """A vote, by the voter's token: no row says whose it is. The token is the key, so that no order of casting is kept."""

    token = models.CharField(max_length=64, primary_key=True)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="ballots")
    index = models.PositiveIntegerField(help_text="The token's place on the roll")
    nonce = models.CharField(max_length=64)
    choice = models.PositiveSmallIntegerField(choices=[(c.value, c.name.lower()) for c in Choice])
    commitment = models.CharField(max_length=64, help_text="Given to the voter when it was cast")

    def __str__(self) -> str:
        return self.commitment

    @property
    def opening(self) -> Opening:
        return Opening(bytes.fromhex(self.token), bytes.fromhex(self.nonce), self.choice)
