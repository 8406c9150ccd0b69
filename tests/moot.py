"""A village that may vote: its members are of long ago, and wrote on many days."""

from datetime import UTC, datetime, timedelta

from folkmoot.base.time import DAY, now_moment, to_moment
from folkmoot.forums.models import Forum
from folkmoot.members import actions as members
from folkmoot.members.models import Member, Visit
from folkmoot.standards import actions
from folkmoot.standards.models import Draft, Edition
from folkmoot.standards.rules import CHARTER, Kind, Stage
from folkmoot.standards.tasks import sweep
from folkmoot.threads.models import Post
from tests.cast import PASSWORD, Village


class Moot:
    def __init__(self, village: Village, *, voters: int = 12) -> None:
        self.village, self.now = village, now_moment()
        long_ago = datetime.now(UTC) - timedelta(days=400)
        Edition.objects.update(in_force=to_moment(long_ago))
        more = self.more(voters - 5)
        self.voters = [village.ada, village.bram, village.cleo, village.fern, village.gus, *more]
        Member.objects.filter(pk__in=[m.pk for m in self.voters]).update(imported_post_count=50, joined_at=long_ago)
        thread = village.thread()
        Post.objects.bulk_create(
            Post(
                thread=thread,
                forum=thread.forum,
                author=m,
                subject="Here",
                number=n,
                place=n,
                moment=self.now - n // 100 * DAY - n,
            )
            for n, m in ((100 * day + k + 1, m) for day in range(CHARTER.voter_days) for k, m in enumerate(self.voters))
        )
        Member.objects.filter(pk__in=[m.pk for m in self.voters]).update(post_count=CHARTER.voter_days)
        Visit.objects.bulk_create(Visit(member_id=m.pk, day=datetime.now(UTC).date()) for m in self.voters)
        for member in self.voters:
            member.refresh_from_db()
        self.forum = Forum.objects.select_related("category").get(slug="general-discussion")

    @staticmethod
    def more(count: int) -> list[Member]:
        """So many more members of long ago, who may serve."""
        long_ago, first = datetime.now(UTC) - timedelta(days=400), Member.objects.count()
        made = [members.join(name=f"Voter{first + n}", password=PASSWORD, moment=long_ago) for n in range(count)]
        Member.objects.filter(pk__in=[m.pk for m in made]).update(imported_post_count=50, joined_at=long_ago)
        return made

    def draft(self, kind: Kind = Kind.WORDS, *, by: Member | None = None, **more: object) -> Draft:
        plain = {"reason": "It is better so."} | (
            {"number": 3, "title": "Argue well", "text": "Argue with the post."} if kind is Kind.WORDS else {}
        )
        return actions.put_forward(kind, by=by or self.village.ada, forum=self.forum, **{**plain, **more})

    def seconded(self, draft: Draft, by: int = CHARTER.seconds) -> Draft:
        if fresh(draft).stage != Stage.SECONDING:
            return fresh(draft)
        for member in [m for m in self.voters if m.pk != draft.author_id][:by]:
            actions.second(draft, by=member)
        return fresh(draft)

    def discussed(self, draft: Draft | None = None) -> Draft:
        """With its roll closed."""
        draft = self.seconded(draft or self.draft())
        sweep(now_moment())
        return fresh(draft)

    def at_the_ballot(self, draft: Draft | None = None) -> Draft:
        draft = self.discussed(draft)
        Draft.objects.filter(pk=draft.pk).update(ballot_at=now_moment())
        sweep(now_moment())
        return fresh(draft)

    def decided(self, draft: Draft) -> Draft:
        draft = fresh(draft)
        sweep(draft.closes_at or 0)
        return fresh(draft)


def fresh(draft: Draft) -> Draft:
    return Draft.objects.select_related("edition", "standard", "base").get(pk=draft.pk)
