"""Categories and forums."""

from dataclasses import fields

from django.db import models

from folkmoot.forums import rules


class Category(models.Model):
    """A shelf of forums: Issue Forums, Region Forums."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)
    is_main = models.BooleanField(default=False, help_text="Its forums stand in the main navigation by name")
    is_retired = models.BooleanField(default=False, help_text="Readable; nobody posts")

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Forum(models.Model):
    """A place with a stated purpose."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="forums")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    purpose = models.TextField(max_length=1000)
    order = models.PositiveSmallIntegerField(default=0)
    administrators_only = models.BooleanField(default=False, help_text="Only administrators start threads here")
    newcomers_wait = models.BooleanField(default=False, help_text="The first posts of a newcomer wait to be looked at")
    created_at = models.DateTimeField()
    thread_count = models.PositiveIntegerField(default=0, help_text="Listed threads; kept by the actions")
    post_count = models.PositiveIntegerField(default=0, help_text="Visible posts; kept by the actions")

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def rules(self) -> rules.RuleSet:
        """What it asks of a new thread. One query, unless `posting_rules` was selected with the forum."""
        row = getattr(self, "posting_rules", None)
        return row.rule_set if row else rules.NO_RULES


class ReadyReason(models.Model):
    """A reason that the hosts of a forum give often, ready to be taken and changed."""

    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="ready_reasons")
    text = models.CharField(max_length=rules.READY_REASON_MAX)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


class PostingRules(models.Model):
    """The rules of a forum that has some: see `rules.RuleSet`, whose fields these are."""

    forum = models.OneToOneField(Forum, on_delete=models.PROTECT, primary_key=True, related_name="posting_rules")
    link_required = models.BooleanField(default=False)
    headline_is_subject = models.BooleanField(default=False)
    max_age_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    unique_link_days = models.PositiveSmallIntegerField(null=True, blank=True)
    max_quoted_paragraphs = models.PositiveSmallIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"rules of forum {self.pk}"

    @property
    def rule_set(self) -> rules.RuleSet:
        return rules.RuleSet(**{field.name: getattr(self, field.name) for field in fields(rules.RuleSet)})
