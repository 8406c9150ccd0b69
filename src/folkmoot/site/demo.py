"""The village: the demo community, built with the real actions from the texts in `village/`."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from folkmoot.base.time import DAY, MINUTE, SECOND, now_moment, to_moment
from folkmoot.forums.models import Forum
from folkmoot.members import actions as members
from folkmoot.members.models import Member
from folkmoot.notifications import actions as notifications
from folkmoot.site import actions
from folkmoot.site.cast import CAST, Villager
from folkmoot.site.models import Community
from folkmoot.site.neighbours import settle_in
from folkmoot.stars import actions as stars
from folkmoot.threads import actions as threads
from folkmoot.threads.models import Post, Thread
from folkmoot.threads.rules import Facts, split_quote, with_quote
from folkmoot.threads.tasks import refresh_shown_counts

FOLDER = Path(__file__).parent / "village" / "threads"
ZONE = "America/New_York"


@dataclass(slots=True)
class Script:
    """One thread's file, read."""

    forum: str = ""
    pinned: bool = False
    featured: str = ""
    locked: str = ""
    article: str = ""
    posts: list["Line"] = field(default_factory=list)


@dataclass(slots=True)
class Line:
    author: str
    to: int | None
    at: int
    """Minutes since the founding day's midnight, in the village's zone; negative for the past."""
    subject: str
    body: str
    recommend: list[str]
    before: str
    withdrawn: bool


def read_scripts() -> list[Script]:
    return [read_script(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.txt"))]


_HEAD = re.compile(r"^===\s*(?P<author>\w+)\s*(?:->\s*(?P<to>\d+)\s*)?\|\s*(?P<at>[^|]+?)\s*\|\s*(?P<subject>.*)$")


def read_script(text: str) -> Script:
    """Read one thread: a header of `name: value` lines, then posts that begin with `===` (see village/README.md)."""
    head, *blocks = re.split(r"^(?====)", text, flags=re.MULTILINE)
    script = Script()
    for name, value in _pairs(head.splitlines()):
        if name == "pinned":
            script.pinned = value == "yes"
        else:
            setattr(script, name, value)
    clock = 0
    for block in blocks:
        first, _, rest = block.partition("\n")
        match = _HEAD.match(first)
        if match is None:
            raise ValueError(f"not a post's first line: {first!r}")
        clock = _clock(match["at"], clock)
        marks, body = {}, rest.splitlines()
        while body and (mark := re.match(r"^(recommend|before|state):\s*(.*)$", body[0])):
            marks[mark[1]] = mark[2].strip()
            body.pop(0)
        script.posts.append(
            Line(
                author=match["author"], to=int(match["to"]) if match["to"] else None, at=clock, subject=match["subject"].strip(),
                body="\n".join(body).strip(), recommend=marks.get("recommend", "").replace(",", " ").split(),
                before=marks.get("before", ""), withdrawn=marks.get("state") == "withdrawn",
            )
        )  # fmt: skip
    return script


def _pairs(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip(), value.strip()


def _clock(text: str, before: int) -> int:
    """`9d 19:41` is nine days before the founding day at that time; `+22m`, `+3h`, `+1d` count from the post before."""
    if match := re.fullmatch(r"(\d+)d (\d{1,2}):(\d\d)", text):
        return -int(match[1]) * 1440 + int(match[2]) * 60 + int(match[3])
    steps = re.findall(r"(\d+)\s*([dhm])", text)
    if not text.startswith("+") or not steps:
        raise ValueError(f"not a time: {text!r}")
    return before + sum(int(n) * {"d": 1440, "h": 60, "m": 1}[unit] for n, unit in steps)


def found_village(progress: Callable[[str], None]) -> None:
    """Found the demo community; returns at once when it stands already."""
    if Community.objects.exists():
        return
    progress("founding the village")
    with transaction.atomic():
        actions.found(
            name="Riverbend Commons", zone=ZONE, zone_name="Riverbend time", template="political",
            promise="A truly grassroots community where regular people, not algorithms, drive the discussions "
            "and set the standards.",
            welcome="Riverbend Commons is where the town talks: bus lanes and school boards, river levels and library hours, and "
            "who should be mayor. Read everything; join in when you have something to say.",
        )  # fmt: skip
        _Village(progress).build()
        notifications.forget_due(now_moment() - 3 * DAY)  # else the cast would open their eyes on hundreds of lines
    settle_in(progress)


class _Village:
    """One founding: who is who, and the posts in the order of time across all threads."""

    def __init__(self, progress: Callable[[str], None]) -> None:
        self.progress = progress
        now = datetime.now(ZoneInfo(ZONE))
        self.midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        self.chance = random.Random(1981)  # the year the ferry stopped: the same seconds each time  # noqa: S311
        self.people = {v.name: self._join(v) for v in CAST}
        self.moments: set[int] = set()

    def _join(self, villager: Villager) -> Member:
        joined = self.midnight - timedelta(days=villager.days, minutes=-7 * 60)
        member = members.join(name=villager.name, moment=min(joined, datetime.now(UTC) - timedelta(hours=21)))
        if villager.name == "Gus":
            member.office, member.office_since = Member.Office.ADMINISTRATOR, datetime.now(UTC)
            member.save(update_fields=["office", "office_since"])
        if villager.about:
            members.describe(member, about=villager.about, zone="", theme="")
        return member

    def build(self) -> None:
        gus = self.people["Gus"]
        # Posting history that is not in the village's threads: newcomers' limits are for Dara alone.
        for name, count in (
            ("Ada", 3299),
            ("Bram", 871),
            ("Cleo", 1412),
            ("Fern", 2960),
            ("MillStreetMarge", 5140),
            ("Odalys", 2318),
        ):
            Member.objects.filter(name=name).update(imported_post_count=count)
        scripts = read_scripts()
        # The town is awake: its newest post is a few minutes old, whatever the hour of the founding.
        newest = max(line.at for script in scripts for line in script.posts)
        self.midnight = datetime.now(ZoneInfo(ZONE)) - timedelta(minutes=newest + 6)
        for name, member in self.people.items():
            first = min(line.at for script in scripts for line in script.posts if line.author == name)
            joined = min(member.joined_at, self.midnight + timedelta(minutes=first - 60))
            Member.objects.filter(pk=member.pk).update(joined_at=joined)
        made: dict[tuple[int, int], Post] = {}
        queue = sorted((line.at, s, n) for s, script in enumerate(scripts) for n, line in enumerate(script.posts))
        for done, (_, s, n) in enumerate(queue):
            made[s, n] = self._post(scripts[s], scripts[s].posts[n], made, s)
            if done % 200 == 199:
                self.progress(f"{done + 1} of {len(queue)} posts")
        for (s, n), post in made.items():
            self._aftermath(post, scripts[s].posts[n])
        for s, script in enumerate(scripts):
            thread = made[s, 0].thread
            if script.pinned:
                threads.pin(thread, by=gus, reason="Newcomers should find it.")
            if script.featured:
                actions.feature(thread, by=gus, reason=script.featured)
            if script.locked:
                threads.lock(thread, by=gus, reason=script.locked)
        stars.give_star(self.people["Fern"], by=gus, reason="She paid for a winter of electricity, and brought beans.")
        stars.give_star(self.people["TwoStrokeTony"], by=gus, reason="Paid in bread and in money.")
        members.ban(self.people["Eli"], by=gus, reason="Third warning: he published a neighbour's street number.")
        for (s, n), post in made.items():
            if n == 0:
                readers = len(scripts[s].posts) * self.chance.randint(9, 16)
                Thread.objects.filter(pk=post.thread_id).update(view_count=readers)
        refresh_shown_counts()

    def _moment(self, minutes: int, after: int = 0) -> int:
        """The moment of `minutes`, in the past, and no answer before its post."""
        start = to_moment(self.midnight.astimezone(UTC))
        moment = start + minutes * MINUTE + self.chance.randrange(MINUTE)
        moment = min(moment, now_moment() - self.chance.randrange(MINUTE, 5 * MINUTE))
        moment = max(moment, after + self.chance.randrange(5 * SECOND, 15 * SECOND))
        while moment in self.moments:
            moment += 1
        self.moments.add(moment)
        return moment

    def _post(self, script: Script, line: Line, made: dict[tuple[int, int], Post], s: int) -> Post:
        author, text = self.people[line.author], line.before or line.body
        if line.to is None:
            forum, moment = Forum.objects.select_related("category").get(slug=script.forum), self._moment(line.at)
            article, text = self._article(script, text, moment)
            return threads.start_thread(forum, by=author, subject=line.subject, text=text, article=article, moment=moment)
        to = made[s, line.to - 1]
        return threads.reply(to, by=author, subject=line.subject, text=text, moment=self._moment(line.at, to.moment))

    def _article(self, script: Script, text: str, moment: int) -> tuple[Facts | None, str]:
        """What the opening post states about its article, and its text without the link: that stands in the article's box."""
        if not script.article:
            return None, text
        link, publication, byline, before = (part.strip() for part in script.article.split("|"))
        quote, view = split_quote(text.removeprefix(link))
        return Facts(link, publication, byline, moment - _clock(before, 0) * MINUTE), with_quote(quote, view)

    def _aftermath(self, post: Post, line: Line) -> None:
        """What happened to a post later: an edit, recommendations, its author's second thoughts."""
        if line.before:
            edited = self._moment(line.at + 14)
            threads.edit(post, by=self.people[line.author], subject=post.subject, text=line.body, moment=edited)
        for name in line.recommend:
            if name in self.people and name != line.author:
                later = int(self.chance.expovariate(1 / 400)) + 2
                threads.recommend(post, by=self.people[name], moment=self._moment(line.at + later))
        if line.withdrawn:
            threads.withdraw(post, by=self.people[line.author])
