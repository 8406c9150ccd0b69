"""The community standards, edition by edition, and the charter's numbers with their history."""

from django.db import models

from folkmoot.standards.rules import CHARTER, Charter

TITLE_MAX = 80
TEXT_MAX = 2000


class Edition(models.Model):
    """The standards and the charter as they are from a moment on. Nothing of it is changed: a ratified draft makes the next."""

    number = models.PositiveIntegerField(unique=True)
    in_force = models.BigIntegerField(unique=True, help_text="A moment: what is written from then on is judged by it")
    charter = models.JSONField(help_text="Every number: rules.charter.Charter")

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
