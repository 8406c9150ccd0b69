"""What moved in from where, so that a second run adds nothing and an interrupted one goes on."""

from django.db import models


class Imported(models.Model):
    """One thing of an old board and what it became here."""

    class Kind(models.TextChoices):
        FORUM = "forum", "forum"
        MEMBER = "member", "member"
        THREAD = "thread", "thread"
        POST = "post", "post"
        CATEGORY = "category", "category"
        ATTACHMENT = "attachment", "attachment"

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=60, help_text="The old board's name, as the operator gave it")
    kind = models.CharField(max_length=12, choices=Kind)
    source_id = models.CharField(max_length=200)
    object_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "kind", "source_id"], name="moved_in_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id} of {self.source}"


class OldBoard(models.Model):
    """A board that moved in, as far as its addresses need it: they follow a rule, and no row of each is kept."""

    class Software(models.TextChoices):
        PHPBB = "phpbb", "phpBB"

    source = models.CharField(max_length=60, unique=True, help_text="As in Imported")
    software = models.CharField(max_length=12, choices=Software)
    path = models.CharField(max_length=200, help_text="Where it stood on its host: /forum/")

    def __str__(self) -> str:
        return self.source


class ImportedExtra(models.Model):
    """What an old board had and no room here takes yet: polls, votes, private messages. Kept as it was, shown nowhere,
    for the room that will adopt it."""

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    source_id = models.CharField(max_length=200)
    payload = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "kind", "source_id"], name="extra_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id} of {self.source}"
