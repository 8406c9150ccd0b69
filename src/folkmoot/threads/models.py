"""Threads, posts and what belongs to a post. The order of a thread is explained in docs/rooms/threads.md.

A foreign key has no index of its own (`db_index=False`) where an index below begins with it.
"""

from datetime import datetime

from django.db import models

from folkmoot.base import markup, time
from folkmoot.base.models import StateModel
from folkmoot.forums.models import Forum
from folkmoot.members.models import Member
from folkmoot.threads import rules


class State(models.TextChoices):
    VISIBLE = "visible", "visible"
    PENDING = "pending", "waiting to be looked at"
    WITHDRAWN = "withdrawn", "deleted by its author"
    HIDDEN_BY_VERDICT = "hidden_by_verdict", "hidden by a jury"
    HIDDEN_BY_OFFICE = "hidden_by_office", "hidden by an administrator"
    REMOVED = "removed", "removed"


class Thread(models.Model):
    """A conversation. Subject and state mirror the opening post's; the counters are kept by the actions."""

    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="threads", db_index=False)
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="threads", db_index=False)
    subject = models.CharField(max_length=rules.SUBJECT_MAX)
    state = models.CharField(max_length=20, choices=State, default=State.VISIBLE)
    listed = models.BooleanField(default=True, help_text="Stands in lists: visible, or withdrawn with replies")
    moment = models.BigIntegerField(help_text="The opening post's moment")
    last_moment = models.BigIntegerField(help_text="The newest visible post's moment: a reply kicks")
    last_author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    opening = models.ForeignKey("Post", on_delete=models.PROTECT, null=True, related_name="+")
    last_number = models.PositiveIntegerField(default=0, help_text="The highest number given to a post")
    reply_count = models.PositiveIntegerField(default=0, help_text="Visible replies")
    recommendation_count = models.PositiveIntegerField(default=0, help_text="Of the opening post")
    view_count = models.PositiveIntegerField(default=0, help_text="Brought over from `state` every hour")
    publication = models.CharField(max_length=rules.PUBLICATION_MAX, blank=True, help_text="Mirrors the opening post's article")
    pinned = models.BooleanField(default=False)
    locked_at = models.DateTimeField(null=True, blank=True)
    lock_reason = models.TextField(max_length=2000, blank=True)
    lock_office = models.CharField(max_length=30, blank=True)
    lock_officer = models.PositiveIntegerField(null=True, blank=True, help_text="The officer's number: Host 3")
    lock_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["forum", "listed", "pinned", "-last_moment"], name="thread_of_forum"),
            models.Index(fields=["listed", "-last_moment"], name="thread_latest"),
            models.Index(fields=["author", "-moment"], name="thread_of_author"),
            models.Index(fields=["listed", "-recommendation_count", "moment"], name="thread_greatest"),
        ]

    def __str__(self) -> str:
        return self.subject


class Post(models.Model):
    """Any message in a thread. `place` is a preorder label with gaps; `number` is the order of arrival, 0 the opening."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="posts", db_index=False)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="+", db_index=False)
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="posts", db_index=False)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    answered = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, help_text="The parent's author"
    )
    number = models.PositiveIntegerField(null=True, help_text="Null while it waits: it arrives when it is let in")
    depth = models.PositiveIntegerField(default=0)
    place = models.BigIntegerField(null=True)
    moment = models.BigIntegerField(unique=True)
    subject = models.CharField(max_length=rules.SUBJECT_MAX)
    has_text = models.BooleanField(default=True)
    state = models.CharField(max_length=20, choices=State, default=State.VISIBLE)
    waits_because = models.CharField(max_length=10, blank=True, help_text="While it is pending: a key of rules.WAITS")
    state_at = models.DateTimeField(null=True, blank=True)
    state_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    state_office = models.CharField(max_length=30, blank=True)
    state_reason = models.TextField(max_length=2000, blank=True)
    edit_count = models.PositiveIntegerField(default=0, help_text="Those on an older board too")
    imported_edit_count = models.PositiveIntegerField(default=0, help_text="Edits on an older board, which kept no wordings")
    edited_moment = models.BigIntegerField(null=True)
    recommendation_count = models.PositiveIntegerField(default=0)
    attachment_count = models.PositiveSmallIntegerField(default=0)
    key = models.CharField(max_length=36, null=True, help_text="The form's own key: a double submit makes one post")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="number_once"),
            models.UniqueConstraint(fields=["author", "key"], name="post_once"),
        ]
        indexes = [
            models.Index(fields=["thread", "place", "depth"], name="post_in_tree"),
            models.Index(fields=["author", "-moment"], name="post_of_author"),
            models.Index(fields=["forum", "-moment"], name="post_of_forum"),
            models.Index(fields=["answered", "-moment"], name="post_answering"),
            models.Index(fields=["moment"], condition=models.Q(state="pending"), name="post_pending"),
            models.Index(fields=["-moment"], condition=models.Q(number=0), name="opening_latest"),
            models.Index(fields=["forum", "-moment"], condition=models.Q(number=0), name="opening_of_forum"),
            models.Index(fields=["author", "-state_at"], condition=models.Q(state_at__isnull=False), name="post_state_of_author"),
        ]

    def __str__(self) -> str:
        return self.subject


class Text(models.Model):
    """What the author wrote, as written; and the same rendered, see base.markup."""

    class Format(models.TextChoices):
        MARKDOWN = "markdown", "Markdown"
        PLAIN = "plain", "plain text"

    post = models.OneToOneField(Post, on_delete=models.PROTECT, primary_key=True, related_name="text")
    source = models.TextField(max_length=rules.TEXT_MAX_BYTES)
    format = models.CharField(max_length=8, choices=Format, default=Format.MARKDOWN)

    def __str__(self) -> str:
        return self.source[:60]

    def html(self) -> str:
        return markup.render_as(self.format, self.source)


class ArticleRows(models.QuerySet["Article"]):
    def same_link(self, link: str, *, forum_id: int, since: int, by: Member | None, but: Post | None) -> rules.Earlier | None:
        """The first thread of the forum that brought this link and that this member may know of; `but` is not asked."""
        known = models.Q(post__state=State.VISIBLE)
        if by is not None:
            known |= models.Q(post__state=State.PENDING, post__author=by)
        found = self.filter(known, link_key=rules.link_key(link), post__forum=forum_id, post__moment__gt=since)
        if but is not None:
            found = found.exclude(pk=but.pk)
        row = found.order_by("post__moment").values_list("post__thread", "post__subject").first()
        return rules.Earlier(*row) if row else None


class Article(models.Model):
    """What an opening post states about the article that it brings, in a forum with posting rules; the paragraphs that it
    quotes stand in its text. A post that was written before there were rules, or that moved in, has no such row."""

    post = models.OneToOneField(Post, on_delete=models.PROTECT, primary_key=True, related_name="article")
    link = models.CharField(max_length=rules.LINK_MAX, blank=True)
    link_key = models.CharField(max_length=64, blank=True, help_text="The same for links that lead to one article")
    publication = models.CharField(max_length=rules.PUBLICATION_MAX, blank=True)
    byline = models.CharField(max_length=rules.BYLINE_MAX, blank=True)
    published = models.BigIntegerField(null=True, help_text="A moment, as the poster stated it")
    override_office = models.CharField(max_length=30, blank=True, help_text="Who let it stand against the forum's rules")
    override_reason = models.TextField(max_length=rules.REASON_MAX, blank=True)

    objects = ArticleRows.as_manager()

    class Meta:
        indexes = [models.Index(fields=["link_key"], name="article_link")]

    def __str__(self) -> str:
        return self.link or "no link"

    @property
    def facts(self) -> rules.Facts:
        return rules.Facts(self.link, self.publication, self.byline, self.published)

    @property
    def stated(self) -> str:
        """All of it in one line, for the edit history."""
        when = f"{time.full(self.published, 'UTC')} UTC" if self.published is not None else ""
        return " · ".join(part for part in (self.publication, self.byline, when, self.link) if part)


class Fragment(models.Model):
    """A post's body as HTML, rendered once, when it is written or changed."""

    post = models.OneToOneField(Post, on_delete=models.PROTECT, primary_key=True, related_name="fragment")
    html = models.TextField()
    render_version = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.html[:60]


class Revision(models.Model):
    """What a post said before an edit. A withdrawn one keeps its time and loses its words."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField(help_text="1 is the post as first written")
    moment = models.BigIntegerField(help_text="When this wording was written")
    subject = models.CharField(max_length=rules.SUBJECT_MAX, blank=True)
    source = models.TextField(max_length=rules.TEXT_MAX_BYTES, blank=True)
    article = models.TextField(max_length=3000, blank=True, help_text="What was stated about the article, in one line")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="revision_once")]

    def __str__(self) -> str:
        return f"revision {self.number} of {self.post_id}"


class Attachment(models.Model):
    """A file that belongs to a post. Its bytes lie in the data folder under their hash, see media.py."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=rules.FILE_NAME_MAX, help_text="As given, without what could deceive or harm")
    size = models.PositiveBigIntegerField(help_text="Bytes")
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100, help_text="By the first bytes, whatever the uploader claimed")
    note = models.CharField(max_length=500, blank=True, help_text="What its uploader wrote beside it")

    def __str__(self) -> str:
        return self.name


class Recommendation(models.Model):
    """A member's public "read this"."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="recommendations", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="recommendations")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    is_opening = models.BooleanField()
    moment = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "member"], name="recommend_once")]
        indexes = [
            models.Index(fields=["post", "moment"], name="recommendation_of_post"),
            models.Index(fields=["is_opening", "moment", "thread"], name="recommendation_greatest"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} recommends {self.post_id}"


class Anchor(models.Model):
    """Where a page of a thread's tree begins: the place of its first reply."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="anchors", db_index=False)
    place = models.BigIntegerField()
    size = models.PositiveSmallIntegerField(help_text="Posts from here to the next anchor")

    class Meta:
        indexes = [models.Index(fields=["thread", "place"], name="anchor_of_thread")]

    def __str__(self) -> str:
        return f"{self.thread_id} at {self.place}"


class LockedOutRows(models.QuerySet["LockedOut"]):
    def until(self, thread_id: int, member_id: int, now: datetime) -> datetime | None:
        """Until when this member is out of that thread; None when they are not."""
        found = self.filter(thread=thread_id, member=member_id, until__gt=now)
        return found.values_list("until", flat=True).first()


class LockedOut(models.Model):
    """A member who may not write in a thread for a while, because a jury hid a post of theirs there."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()

    objects = LockedOutRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "member"], name="locked_out_once")]

    def __str__(self) -> str:
        return f"{self.member_id} out of {self.thread_id}"


class OldAddress(models.Model):
    """Where a thread or post stood on the board it moved in from; the address redirects."""

    address = models.CharField(max_length=400, unique=True, help_text="Path and query, without the host")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.address


class Unsent(models.Model):
    """What a member has typed into a form and not posted: their draft, one a form."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    path = models.CharField(max_length=rules.PATH_MAX, help_text="The form's address")
    typed = models.JSONField(help_text="Field to text, as typed; the form's own key, too, so that it is never posted twice")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "path"], name="unsent_once")]
        indexes = [models.Index(fields=["saved_at"], name="unsent_saved")]

    def __str__(self) -> str:
        return f"{self.member_id} at {self.path}"


class ReadingPlace(StateModel):
    """How far a member has read a thread. New = number above `seen`, less the pages read since."""

    member_id = models.BigIntegerField()
    thread_id = models.BigIntegerField()
    seen = models.PositiveIntegerField(help_text="Every number up to this has been on a page they opened")
    pages = models.JSONField(default=dict, help_text="Anchor id to the highest number when that page was opened")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member_id", "thread_id"], name="one_place_a_thread")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.thread_id}"


class Views(StateModel):
    """Views of a thread not yet brought over to `Thread.view_count`."""

    thread_id = models.BigIntegerField(primary_key=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.count} of {self.thread_id}"
