"""The community itself: one row."""

from django.db import models

from folkmoot.site import rules
from folkmoot.threads.models import Thread


class Community(models.Model):
    """What makes this house this house. One database = one community."""

    name = models.CharField(max_length=80)
    promise = models.CharField(max_length=300)
    welcome = models.TextField(max_length=1000, blank=True, help_text="A few sentences under the promise")
    zone = models.CharField(max_length=64, default="UTC", help_text="The zone of every stored page's dates")
    zone_name = models.CharField(max_length=60, blank=True, help_text="How the zone is called: Riverbend time")
    template = models.CharField(max_length=30)
    star_link = models.URLField(blank=True, help_text="Where a Star member pays")
    star_text = models.TextField(max_length=2000, blank=True, help_text="Or how: a bank account in words")
    founded_at = models.DateTimeField()
    load_level = models.PositiveSmallIntegerField(default=0, help_text="Set by hand: rules.LEVELS")

    def __str__(self) -> str:
        return self.name


class Featured(models.Model):
    """A thread that an administrator put on the front page, and why."""

    thread = models.OneToOneField(Thread, on_delete=models.PROTECT, related_name="featured")
    reason = models.CharField(max_length=300)
    featured_at = models.DateTimeField()
    office = models.CharField(max_length=30)

    def __str__(self) -> str:
        return self.reason


class HousePage(models.Model):
    """Terms, privacy or contact, as the administrators have written it; without a row the founding text stands."""

    slug = models.SlugField(max_length=20, unique=True)
    text = models.TextField(max_length=20_000)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.slug


class Letter(models.Model):
    """A mail that is not sent yet. It goes when it is: what it holds may be a secret."""

    sender = models.CharField(max_length=320)
    recipients = models.TextField(max_length=2000, help_text="One a line")
    message = models.BinaryField(max_length=100_000)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=rules.ERROR_MAX, blank=True, help_text="What the server said last")

    def __str__(self) -> str:
        return f"to {self.recipients.count(chr(10)) + 1} by {self.sender}"
