"""The village, at work: whom and what the steps of a history pick, by a number."""

from folkmoot.forums.models import Forum
from folkmoot.juries.models import Case
from folkmoot.members.models import Member
from folkmoot.site import actions as site
from folkmoot.standards.models import Draft, Election
from folkmoot.threads import actions
from folkmoot.threads.models import Post, Thread
from folkmoot.threads.queries.thread import address_of
from tests.cast import Village

WHY = {"reason": "For a reason."}


class Town:
    """The village, and how to pick from it by a number."""

    def __init__(self) -> None:
        self.village = Village()
        Forum.objects.filter(slug="books").update(newcomers_wait=True)
        self.people = [self.village.ada, self.village.bram, self.village.cleo, self.village.fern, self.village.gus]
        self.forums = list(Forum.objects.filter(slug__in=("general-discussion", "lounge", "books")).order_by("pk"))
        self.browsers = {member.pk: self.village.signed_in(member) for member in self.people}
        first = self.first = self.village.opening("The first", "It **begins**.")
        for member in self.people:  # so each step on a member changes this thread's page, if it changes any
            self.village.reply(first, f"Reply of {member.pk}", by=member)
        actions.recommend(first, by=self.village.bram)
        site.feature(first.thread, by=self.village.gus, **WHY)

    def member(self, n: int) -> Member:
        return Member.objects.get(pk=self.people[n % len(self.people)].pk)

    def post(self, n: int) -> Post:
        posts = Post.objects.select_related("thread", "forum__category", "author").order_by("-pk")
        return posts[n % min(posts.count(), 12)]

    def thread(self, n: int) -> Thread:
        return self.post(n).thread

    def forum(self, n: int) -> Forum:
        return Forum.objects.select_related("category").get(pk=self.forums[n % len(self.forums)].pk)

    def addresses(self) -> list[str]:
        """Of every kind of page that is stored, and of what stands now."""
        found = [
            "/", "/latest/", "/latest/?after=0", "/greatest/", "/greatest/?period=7d", "/greatest/?period=all", "/forums/",
            "/categories/main/", "/categories/culture/", "/star/", "/help/", "/terms/", "/contact/", "/robots.txt", "/sitemap.xml", "/sitemaps/0.xml",
            "/latest.atom", "/latest.json", "/site/patterns/", "/standards/", "/standards/charter/", "/juries/",
        ]  # fmt: skip
        found += [f"/juries/{pk}/" for pk in Case.objects.filter(closed_at__isnull=False).values_list("pk", flat=True)]
        for forum in self.forums:
            found += [f"/forums/{forum.slug}/", f"/forums/{forum.slug}/about/", f"/forums/{forum.slug}/feed.atom"]
        for member in (self.people[0], self.people[1], self.people[3]):
            found += [f"/members/{member.name}/", f"/members/{member.name}/feed.json"]
        for thread in {
            t.pk: t for t in (*Thread.objects.order_by("-pk")[:3], Thread.objects.get(pk=self.first.thread_id))
        }.values():
            at = address_of(thread)
            found += [at, f"{at}?view=flat", f"/threads/{thread.pk}/index/", f"/threads/{thread.pk}/feed.atom"]
        found += [
            "/standards/drafts/",
            "/panel/",
            *(f"/standards/elections/{pk}/" for pk in Election.objects.order_by("pk").values_list("pk", flat=True)[:3]),
            *(f"/standards/drafts/{pk}/" for pk in Draft.objects.order_by("pk").values_list("pk", flat=True)[:6]),
        ]
        for post in Post.objects.order_by("-pk")[:3]:
            found += [f"/posts/{post.pk}/{page}/" for page in ("alone", "history", "recommendations")]
        return found
