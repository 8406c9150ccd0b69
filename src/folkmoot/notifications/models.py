"""What members are told, what they follow, and how they want to be told."""

from django.db import models

from folkmoot.forums.models import Forum
from folkmoot.members.models import Member
from folkmoot.notifications.rules import Kind, Level, Way
from folkmoot.threads.models import Post, State, Thread


class Subscription(models.Model):
    """A member follows a thread or a forum, or wants to hear nothing from it."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="subscriptions", db_index=False)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True, related_name="+")
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, null=True, related_name="+")
    level = models.CharField(max_length=5, choices=[(level.value, level.value) for level in Level])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "thread"], name="follows_thread_once"),
            models.UniqueConstraint(fields=["member", "forum"], name="follows_forum_once"),
            models.CheckConstraint(
                condition=models.Q(thread=None, forum__isnull=False) | models.Q(thread__isnull=False, forum=None),
                name="follows_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.level}"


class Due(models.Model):
    """Something happened to a post that members may have to be told of: a tick looks whom, and tells them."""

    class What(models.TextChoices):
        ARRIVED = "arrived", "it can be read"
        EDITED = "edited", "it may name somebody else"
        RECOMMENDED = "recommended", "somebody recommends it"

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=11, choices=What)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.post_id} {self.what}"


SUMMONS = "jury:"
"""With what the key of a summons begins; the jury's id follows."""


class Notification(models.Model):
    """One line of what a member is told. Of what is told together, `post` is the first and `count` says how many."""

    class Mailing(models.TextChoices):
        NONE = "", "not by mail"
        DIGEST = "digest", "waits for the digest"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="notifications", db_index=False)
    kind = models.CharField(max_length=11, choices=[(kind.value, kind.value) for kind in Kind])
    key = models.CharField(max_length=40, help_text="What is told together while it is unseen: rules.key_of")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    address = models.CharField(max_length=100, blank=True, help_text="Where it leads, when that is no post")
    count = models.PositiveIntegerField(default=1)
    moment = models.BigIntegerField(help_text="Of the newest")
    seen_at = models.DateTimeField(null=True)
    mailing = models.CharField(max_length=6, choices=Mailing, default=Mailing.NONE, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], condition=models.Q(seen_at=None), name="told_once_until_seen"),
        ]
        indexes = [
            models.Index(fields=["member", "-id"], name="notification_of"),
            models.Index(fields=["seen_at"], condition=models.Q(seen_at__isnull=False), name="notification_seen"),
            models.Index(fields=["member"], condition=models.Q(mailing="digest"), name="notification_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.member_id}"

    @property
    def is_summons(self) -> bool:
        return self.key.startswith(SUMMONS)

    @property
    def subject(self) -> str:
        """Of the post's thread; empty when there is none that everybody may read."""
        if self.post is None or self.post.state != State.VISIBLE or self.post.thread.state != State.VISIBLE:
            return ""
        return self.post.thread.subject


class Choice(models.Model):
    """How a member wants to be told of one kind, where it is not the usual way."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=11, choices=[(kind.value, kind.value) for kind in Kind])
    way = models.CharField(max_length=6, choices=[(way.value, way.value) for way in Way])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "kind"], name="choice_once")]

    def __str__(self) -> str:
        return f"{self.kind} by {self.way}"


class Digest(models.Model):
    """A member who has something come by digest, and when the last one went."""

    class Every(models.TextChoices):
        DAILY = "daily", "every morning"
        WEEKLY = "weekly", "on Monday morning"

    member = models.OneToOneField(Member, on_delete=models.PROTECT, primary_key=True, related_name="+")
    every = models.CharField(max_length=6, choices=Every, default=Every.DAILY)
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.every} to {self.member_id}"
