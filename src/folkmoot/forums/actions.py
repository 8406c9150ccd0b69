"""Every change of the shelves."""

from dataclasses import asdict
from datetime import UTC, datetime
from itertools import count

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from folkmoot.base.answers import no
from folkmoot.base.events import tell
from folkmoot.forums.events import CategoryChanged, CategoryOpened, ForumChanged, ForumMovedIn, ForumOpened, RulesChanged
from folkmoot.forums.models import Category, Forum, PostingRules, ReadyReason
from folkmoot.forums.rules import READY_REASONS_MAX, RuleSet
from folkmoot.members.models import Member
from folkmoot.members.rules import may_administer, office_in


@transaction.atomic
def open_category(*, by: Member, name: str, reason: str) -> Category:
    """Put up a new shelf, behind the others."""
    may_administer(by).or_refuse()
    _hold_shelves()
    if Category.objects.filter(name__iexact=name).exists():
        no("A category has this name already.").or_refuse()
    last = Category.objects.aggregate(last=Max("order"))["last"]
    category = Category.objects.create(name=name, slug=_free_category_slug(name), order=(last or 0) + 1)
    tell(CategoryOpened(category_id=category.pk, by=by.pk, office=by.office, reason=reason))
    return category


@transaction.atomic
def change_category(category: Category, *, by: Member, name: str, order: int, is_retired: bool, reason: str) -> None:
    """Name, place and whether anybody posts in its forums any more. Its address stays."""
    may_administer(by).or_refuse()
    _hold_shelves()
    if Category.objects.filter(name__iexact=name).exclude(pk=category.pk).exists():
        no("Another category has this name already.").or_refuse()
    if is_retired and category.is_main:
        no("The main category cannot be retired: its forums stand in the navigation of every page.").or_refuse()
    Category.objects.filter(pk=category.pk).update(name=name, order=order, is_retired=is_retired)
    tell(CategoryChanged(category_id=category.pk, by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def open_forum(
    category: Category, *, by: Member, name: str, purpose: str, reason: str, slug: str = "", administrators_only: bool = False
) -> Forum:
    """Open a forum at the end of its category."""
    may_administer(by).or_refuse()
    _hold_shelves()
    if Forum.objects.filter(name__iexact=name).exists():
        no("A forum has this name already.").or_refuse()
    forum = Forum.objects.create(
        category=category, slug=slug or free_slug(name), name=name, purpose=purpose, created_at=datetime.now(UTC),
        administrators_only=administrators_only, order=category.forums.count(),
    )  # fmt: skip
    tell(ForumOpened(forum_id=forum.pk, by=by.pk, office=by.office, reason=reason))
    return forum


@transaction.atomic
def change_forum(
    forum: Forum,
    *,
    by: Member,
    category: Category,
    name: str,
    purpose: str,
    order: int,
    administrators_only: bool,
    reason: str,
    newcomers_wait: bool = False,
) -> None:
    may_administer(by).or_refuse()
    _hold_shelves()
    if Forum.objects.filter(name__iexact=name).exclude(pk=forum.pk).exists():
        no("Another forum has this name already.").or_refuse()
    Forum.objects.filter(pk=forum.pk).update(
        category=category, name=name, purpose=purpose, order=order, administrators_only=administrators_only,
        newcomers_wait=newcomers_wait,
    )  # fmt: skip
    tell(ForumChanged(forum_id=forum.pk, by=by.pk, office=by.office, reason=reason))


@transaction.atomic
def change_rules(forum: Forum, *, by: Member, rules: RuleSet, reason: str) -> bool:
    """Set what the forum asks of a new thread. What stands already is not judged anew. Returns whether anything changed."""
    may_administer(by).or_refuse()
    forum = Forum.objects.select_for_update(of=("self",), no_key=True).select_related("posting_rules").get(pk=forum.pk)
    if forum.rules == rules:
        return False
    PostingRules.objects.update_or_create(forum=forum, defaults=asdict(rules))
    tell(RulesChanged(forum_id=forum.pk, **asdict(rules), by=by.pk, office=by.office, reason=reason))
    return True


@transaction.atomic
def keep_reason(forum: Forum, *, by: Member, text: str) -> None:
    """Have a reason ready for the acts of this forum's hosts. It binds nobody, so it is no act."""
    _may_keep_ready(by, forum.pk)
    Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
    if ReadyReason.objects.filter(forum=forum).count() >= READY_REASONS_MAX:
        no(f"There are {READY_REASONS_MAX} reasons ready already. Drop one first.").or_refuse()
    if ReadyReason.objects.filter(forum=forum, text=text).exists():
        no("This reason is ready already.").or_refuse()
    ReadyReason.objects.create(forum=forum, text=text)


@transaction.atomic
def drop_reason(ready: ReadyReason, *, by: Member) -> None:
    _may_keep_ready(by, ready.forum_id)
    ready.delete()


def _may_keep_ready(by: Member, forum_id: int) -> None:
    if not office_in(by, forum_id):
        no("Only hosts of this forum and administrators keep its reasons.").or_refuse()


@transaction.atomic
def move_in(name: str, *, category: str, purpose: str, opened: datetime, administrators_only: bool = False) -> Forum:
    """A forum of an old board, in the category of that name, which is made if need be. The import is the act on record."""
    shelf = Category.objects.filter(name=category).first()
    if shelf is None:
        last = Category.objects.aggregate(last=Max("order"))["last"]
        shelf = Category.objects.create(name=category, slug=_free_category_slug(category), order=(last or 0) + 1)
    forum = Forum.objects.create(
        category=shelf,
        slug=free_slug(name),
        name=name,
        purpose=purpose,
        created_at=opened,
        order=shelf.forums.count(),
        administrators_only=administrators_only,
    )
    tell(ForumMovedIn(forum_id=forum.pk))
    return forum


def _hold_shelves() -> None:
    """One change of the shelves at a time, so that no two give one name or address."""
    list(Category.objects.select_for_update(no_key=True).order_by("pk"))


def _free_category_slug(name: str) -> str:
    base = slugify(name)[:50] or "category"
    return next(s for n in count(1) if not Category.objects.filter(slug=(s := base if n == 1 else f"{base}-{n}")).exists())


def free_slug(name: str) -> str:
    base = slugify(name)[:50] or "forum"
    slug, tries = base, 1
    while Forum.objects.filter(slug=slug).exists():
        tries += 1
        slug = f"{base}-{tries}"
    return slug
