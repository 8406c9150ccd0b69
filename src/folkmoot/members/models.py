"""Members: who they are here, and their sessions."""

from datetime import UTC, datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower

from folkmoot.base.models import StateModel
from folkmoot.members import rules


class MemberManager(BaseUserManager["Member"]):
    def named(self, name: str) -> models.QuerySet["Member"]:
        """Whoever has this name, however it is written: by an index, which `iexact` would not use."""
        return self.alias(folded=Lower("name")).filter(folded=Lower(models.Value(name)))

    def with_email(self, email: str) -> models.QuerySet["Member"]:
        return self.alias(folded=Lower("email")).filter(folded=Lower(models.Value(email))).exclude(email="")

    def get_by_natural_key(self, username: str | None) -> "Member":
        return self.named(username or "").get()


class Member(AbstractBaseUser):
    """One account. What only the reader's comfort needs (zone, theme, view) is kept here too."""

    class Office(models.TextChoices):
        NONE = "", "member"
        ADMINISTRATOR = "administrator", "administrator"

    class JuryCall(models.TextChoices):
        NOTHING = "", "nothing"
        SUMMONS = "summons", "a jury asks for this member"
        NEWS = "news", "a jury has told this member something"

    name = models.CharField(max_length=rules.NAME_MAX, unique=True)
    name_key = models.CharField(max_length=rules.NAME_MAX * 2, unique=True, help_text="The name's look-alike skeleton")
    email = models.EmailField(blank=True)
    joined_at = models.DateTimeField()
    office = models.CharField(max_length=20, choices=Office, default=Office.NONE, blank=True)
    office_since = models.DateTimeField(null=True, blank=True, help_text="An officer's; the days of grace count from it")
    claimable = models.BooleanField(default=False, help_text="Moved in from an old board; nobody can sign in yet")
    about = models.TextField(max_length=rules.ABOUT_MAX, blank=True)

    post_count = models.PositiveIntegerField(default=0, help_text="Visible posts; kept by the actions")
    shown_post_count = models.PositiveIntegerField(default=0, help_text="post_count as of the last hour, for stored pages")
    imported_post_count = models.PositiveIntegerField(default=0, help_text="Posts of the old board that did not move in")

    banned_at = models.DateTimeField(null=True, blank=True)
    ban_reason = models.TextField(max_length=2000, blank=True)
    star_since = models.DateField(null=True, blank=True)

    zone = models.CharField(max_length=64, blank=True)
    theme = models.CharField(max_length=5, blank=True)
    view = models.CharField(max_length=8, blank=True)
    highlight = models.CharField(max_length=5, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True, help_text="They post nothing until then")
    jury_call = models.CharField(max_length=10, choices=JuryCall, default=JuryCall.NOTHING, blank=True, help_text="A banner")
    has_unseen_reads = models.BooleanField(default=False, help_text="An officer read what is private; see PrivateRead")
    has_unseen_notices = models.BooleanField(default=False, help_text="Something was decided that concerns them; see Notice")
    unseen_count = models.PositiveIntegerField(default=0, help_text="Notifications not seen; kept by the notifications room")
    on_intake_team = models.BooleanField(default=False, help_text="Kept by the hosts room")
    on_panel = models.BooleanField(default=False, help_text="Of the review panel; kept by the panel room")
    host_of = models.JSONField(default=list, blank=True, help_text="Forums in which they are a host; kept by the hosts room")
    blocked_from = models.JSONField(default=dict, blank=True, help_text="Forum to [moment until, reason]; kept by the hosts room")

    second_factor: bool | None = None
    """An officer's, as the session's join found it; None: not asked yet."""

    USERNAME_FIELD = "name"
    REQUIRED_FIELDS = ["email"]
    objects = MemberManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="email_once"),
        ]
        indexes = [models.Index(Lower("name"), name="member_named")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_administrator(self) -> bool:
        return self.office == self.Office.ADMINISTRATOR

    @property
    def has_second_factor(self) -> bool:
        if self.second_factor is not None:
            return self.second_factor
        return bool(Authenticator.objects.filter(user_id=self.pk, type=Authenticator.Type.TOTP).exists())

    @property
    def seals_at(self) -> datetime | None:
        """When the office closes to this member; None: never. In the demo anybody on this machine is anybody."""
        if settings.DEMO or not rules.needs_second_factor(self.office):
            return None
        return rules.seals_at(self.office, self.office_since, has_second_factor=self.has_second_factor)

    @property
    def is_sealed(self) -> bool:
        """An officer without a second factor, whose days of grace are over."""
        seals_at = self.seals_at
        return seals_at is not None and seals_at <= datetime.now(UTC)

    @property
    def star(self) -> bool:
        return self.star_since is not None

    def get_full_name(self) -> str:
        return self.name


class Claim(models.Model):
    """Somebody says that an account which moved in is theirs, and posts `code` on the old board to show it."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="claims")
    code = models.CharField(max_length=20, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the claimer's own address")
    where = models.CharField(max_length=rules.WHERE_MAX, blank=True, help_text="Where on the old board the code stands")
    made_at = models.DateTimeField()
    granted = models.BooleanField(null=True, help_text="Null while nobody has looked")
    reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.member_id} by {self.code}"


class PrivateRead(models.Model):
    """An officer read what is nobody's business of this member, and the member is told: the glass box."""

    class What(models.TextChoices):
        MAIL = "mail", "looked for a mail address, which is yours"
        NETWORK = "network", "looked for a network, from which you signed in"
        DATA = "data", "opened your mail addresses and the networks of your sessions"
        FACTOR = "factor", "took the second step of your sign-in away"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="private_reads")
    what = models.CharField(max_length=10, choices=What)
    office = models.CharField(max_length=30)
    reason = models.CharField(max_length=500)
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.what} of {self.member_id}"


class Visit(StateModel):
    """The last day on which a member looked in: juries and electorates are made of those who do."""

    member_id = models.BigIntegerField(primary_key=True)
    day = models.DateField(db_index=True)

    def __str__(self) -> str:
        return f"{self.member_id} on {self.day}"


class Notice(models.Model):
    """What a member is told of what was decided about them: by a banner, and on their account page."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="notices")
    text = models.CharField(max_length=rules.NOTICE_MAX)
    address = models.CharField(max_length=200, blank=True, help_text="Where it can be looked at")
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:60]


class Watch(models.Model):
    """What administrators watch for, until a day: a post with it waits, and mail of such a domain is not taken at joining."""

    class Kind(models.TextChoices):
        WORDS = "words", "words"
        DOMAIN = "domain", "links to a domain"
        NETWORK = "network", "a network"
        MAIL = "mail", "mail addresses of a domain, at joining"

    kind = models.CharField(max_length=7, choices=Kind)
    pattern = models.CharField(max_length=rules.WATCHED_MAX)
    begun_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500)
    salt = models.BinaryField(max_length=32, help_text="SHA-256(salt ‖ pattern) stands in the ledger")

    class Meta:
        verbose_name_plural = "watches"
        indexes = [models.Index(fields=["until"], condition=models.Q(ended_at=None), name="watch_running")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class NightWatch(models.Model):
    """Nobody joins and newcomers' posts wait, until an hour."""

    begun_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="Before its time, by somebody, or when its time was over")
    office = models.CharField(max_length=30)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "night watches"
        indexes = [models.Index(fields=["until"], condition=models.Q(ended_at=None), name="night_watch_running")]

    def __str__(self) -> str:
        return f"until {self.until:%Y-%m-%d %H:%M}"


class Session(StateModel, AbstractBaseSession):
    """A signed-in browser, or a visitor who began to write. `member_id` lets one join fetch the member too."""

    member_id = models.BigIntegerField(null=True, db_index=True)
    network = models.CharField(
        max_length=43, blank=True, default="", help_text="A member's, when it was last written: IPv4 /24 or IPv6 /56"
    )

    @classmethod
    def get_session_store_class(cls) -> type:
        from folkmoot.members.sessions import SessionStore

        return SessionStore
