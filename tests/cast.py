"""The village of the tests: one small cast, made by real actions, in a founded community."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from folkmoot.base.time import HOUR, now_moment
from folkmoot.forums.models import Forum
from folkmoot.members import actions as members
from folkmoot.members.models import Member
from folkmoot.site.actions import found
from folkmoot.stars import actions as stars
from folkmoot.threads import actions as threads
from folkmoot.threads.models import Post, Thread
from folkmoot.threads.rules import Facts, with_quote

PASSWORD = "a-long-enough-password"
SETTLED = 10
"""Posts on an older board of everybody but Dara, so that newcomers' limits are hers alone."""


class Village:
    """Ada (member), Bram (host), Cleo (juror), Dara (joined today), Eli (banned), Fern (Star), Gus (administrator)."""

    def __init__(self) -> None:
        found(
            name="The Moot",
            promise="We settle it ourselves.",
            zone="America/New_York",
            template="political",
            zone_name="Moot time",
        )
        long_ago = datetime.now(UTC) - timedelta(days=400)
        self.gus = members.join(name="Gus", email="gus@moot.example", password=PASSWORD, moment=long_ago)
        Member.objects.filter(pk=self.gus.pk).update(office=Member.Office.ADMINISTRATOR, office_since=datetime.now(UTC))
        self.gus.refresh_from_db()
        names = ("Ada", "Bram", "Cleo", "Eli", "Fern")
        self.ada, self.bram, self.cleo, self.eli, self.fern = (
            members.join(name=n, email=f"{n.lower()}@moot.example", password=PASSWORD, moment=long_ago) for n in names
        )
        self.dara = members.join(name="Dara", password=PASSWORD)
        Member.objects.exclude(name="Dara").update(imported_post_count=SETTLED, shown_post_count=SETTLED)
        members.ban(self.eli, by=self.gus, reason="Spam, three times.")
        stars.give_star(self.fern, by=self.gus, reason="Paid.")
        for member in (self.gus, self.ada, self.bram, self.cleo, self.eli, self.fern, self.dara):
            member.refresh_from_db()
        self.forum = Forum.objects.select_related("category").get(slug="general-discussion")

    def thread(self, subject: str = "The bridge is closed", text: str = "Until Monday.", by: Member | None = None) -> Thread:
        return self.opening(subject, text, by).thread

    def opening(self, subject: str = "The bridge is closed", text: str = "Until Monday.", by: Member | None = None) -> Post:
        return fresh(threads.start_thread(self.forum, by=by or self.ada, subject=subject, text=text))

    def reply(self, to: Post, text: str = "Says who?", by: Member | None = None, subject: str = "") -> Post:
        return fresh(threads.reply(to, by=by or self.bram, subject=subject, text=text))

    def news(self, subject: str, link: str = "https://lantern.example/dam", by: Member | None = None, **more: Any) -> Post:
        """A thread in Latest Breaking News, whose posting rules it obeys: an article of an hour ago."""
        facts = Facts(link, "The Lantern", "Ines Moss", now_moment() - HOUR)
        forum = Forum.objects.select_related("category").get(slug="breaking-news")
        text = with_quote("The dam holds.\nThe county looked.", "I looked too.")
        return fresh(
            threads.start_thread(forum, by=by or self.ada, **{"subject": subject, "text": text, "article": facts, **more})
        )

    def visitor(self) -> Client:
        return Client()

    def signed_in(self, member: Member) -> Client:
        return sign_in(Client(), member)


def sign_in(client: Client, member: Member) -> Client:
    """As if they had just given their password once more."""
    client.force_login(member)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(member.pk)
    session.save()
    return client


def fresh(post: Post) -> Post:
    return Post.objects.select_related("thread", "forum__category", "author").get(pk=post.pk)
