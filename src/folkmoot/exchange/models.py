"""What moved in from where, so that a second run adds nothing and an interrupted one goes on."""

from django.db import models


class Imported(models.Model):
    """One thing of an old board and what it became here."""

    class Kind(models.TextChoices):
        FORUM = "forum", "forum"
        MEMBER = "member", "member"
        THREAD = "thread", "thread"
        POST = "post", "post"

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=60, help_text="The old board's name, as the operator gave it")
    kind = models.CharField(max_length=6, choices=Kind)
    source_id = models.CharField(max_length=200)
    object_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "kind", "source_id"], name="moved_in_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id} of {self.source}"
