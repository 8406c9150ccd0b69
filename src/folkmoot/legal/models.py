"""Notices of unlawful content, removals, and what is kept apart for a court or for the author."""

from django.db import models

from folkmoot.legal import rules
from folkmoot.threads.models import Post


class Notice(models.Model):
    """Somebody says that a post is unlawful. Its number is its id; its sender's own page is known by a secret."""

    class Kind(models.TextChoices):
        PERSON = "person", "It attacks or exposes a person: insult, threat, defamation, private data"
        CHILD = "child", "It harms or sexualises a child"
        HATE = "hate", "It incites to hatred or violence, or praises terror"
        RIGHTS = "rights", "It infringes copyright or another right"
        FRAUD = "fraud", "It is fraud, or sells what may not be sold"
        OTHER = "other", "Something else that the law forbids"

    secret_hash = models.CharField(max_length=64, unique=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="notices")
    where = models.CharField(max_length=rules.WHERE_MAX, help_text="As it was typed")
    kind = models.CharField(max_length=10, choices=Kind)
    why = models.TextField(max_length=rules.WHY_MAX)
    name = models.CharField(max_length=rules.NAME_MAX, blank=True)
    email = models.EmailField(blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    decided_at = models.DateTimeField(null=True)
    removed = models.BooleanField(null=True, help_text="Null while nobody has decided")
    answer = models.TextField(max_length=rules.FACTS_MAX, blank=True, help_text="To whoever sent it")

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Removal(models.Model):
    """A post removed on legal grounds, the statement of reasons to its author, and what the author answered."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="removals")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="removals")
    office = models.CharField(max_length=30)
    ground = models.CharField(max_length=rules.GROUND_MAX, help_text="Public: the law")
    facts = models.TextField(max_length=rules.FACTS_MAX, help_text="For the author: what in the post breaks it, and why")
    was = models.CharField(max_length=20, help_text="The post's state before")
    subject = models.CharField(max_length=200, blank=True, help_text="Kept apart")
    source = models.TextField(max_length=100_000, blank=True, help_text="Kept apart: what the post said")
    removed_at = models.DateTimeField()
    counter = models.TextField(max_length=rules.WHY_MAX, blank=True)
    countered_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True, help_text="When a counter-notice is answered at the latest")
    answer = models.TextField(max_length=rules.FACTS_MAX, blank=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="When the post came back")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post"], condition=models.Q(ended_at__isnull=True), name="removed_once"),
        ]

    def __str__(self) -> str:
        return f"removal of {self.post_id}"
