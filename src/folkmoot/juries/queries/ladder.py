"""Who does not serve, because juries hid several of their posts."""

from datetime import datetime, timedelta

from django.db.models import Count

from folkmoot.base.time import to_moment
from folkmoot.juries import rules
from folkmoot.juries.models import Case
from folkmoot.standards.rules import Charter
from folkmoot.threads.models import Post


def out_of_service(now: datetime, charter: Charter) -> set[int]:
    """Members of whom so many posts are hidden that they do not serve while those count."""
    since = now - timedelta(days=charter.ladder_days)
    hidden = Case.objects.filter(act=None, state=Case.State.HIDDEN, closed_at__gt=since).values("author")
    many = dict(hidden.annotate(hides=Count("pk")).filter(hides__gte=charter.ladder_service_hides).values_list("author", "hides"))
    posts = Post.objects.filter(author__in=many, moment__gt=to_moment(since)).values("author")
    written = dict(posts.annotate(posts=Count("pk")).values_list("author", "posts"))
    rungs = {pk: rules.rung(hides, written.get(pk, 0), charter) for pk, hides in many.items()}
    return {pk for pk, rung in rungs.items() if rung in (rules.Rung.OUT_OF_SERVICE, rules.Rung.PAUSED)}
