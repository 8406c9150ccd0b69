"""What changes the standards: the founding, and drafts from the day they are put forward to the day they are in force."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict

from django.db import transaction
from django.db.models import F

from folkmoot.base.answers import Answer, no
from folkmoot.base.events import tell
from folkmoot.base.time import DAY, now_moment
from folkmoot.forums.models import Forum
from folkmoot.members.models import Member
from folkmoot.standards import events, queries, rolls, rules
from folkmoot.standards.founding import STANDARDS
from folkmoot.standards.models import Ballot, Draft, Edition, Second, Standard, Wording
from folkmoot.standards.rolls import Roll
from folkmoot.standards.rules import CHARTER, OPEN, Kind, Rulebook, Stage
from folkmoot.threads import actions as threads
from folkmoot.threads.rules import SUBJECT_MAX

MEMBERS = "members"
"""The office of what all of them do together; nobody's own act."""

MEMBER = "member"


@transaction.atomic
def found(template: str, **numbers: int) -> None:
    """The first edition, of the founding template, with other numbers if need be; what stood before anybody was there goes."""
    Wording.objects.all().delete()
    Standard.objects.all().delete()
    Edition.objects.all().delete()
    edition = Edition.objects.create(number=1, in_force=now_moment(), charter=asdict(CHARTER.changed(numbers)))
    for number, (title, text, core) in enumerate(STANDARDS[template], 1):
        standard = Standard.objects.create(number=number)
        Wording.objects.create(edition=edition, standard=standard, title=title, text=text, core=core)
    tell(events.StandardsFounded())


@transaction.atomic
def put_forward(
    kind: Kind, *, by: Member, reason: str, forum: Forum, number: int = 0, title: str = "", text: str = "",
    values: Mapping[str, int] | None = None, key: str | None = None,
) -> Draft:  # fmt: skip
    """Put a draft forward, and open the thread in which it is discussed. `values`: numbers of the charter."""
    by = Member.objects.select_for_update(no_key=True).get(pk=by.pk)
    if key and (made := Draft.objects.filter(author=by, key=key).first()):
        return made
    open_count = Draft.objects.filter(author=by, stage__in=OPEN).count()
    rules.may_put_forward(queries.may_second_drafts(by, queries.charter(now_moment())), open_count).or_refuse()
    base = queries.newest_edition()
    book = queries.rulebook(base)
    changed = {name: value for name, value in (values or {}).items() if getattr(book.charter, name) != value}
    change = rules.Change(kind, number, title, text, changed)
    if unfit := rules.unfit(change, book, book):
        no(unfit).or_refuse()
    if rules.changes_nothing(change, book):
        no("This draft changes nothing.").or_refuse()
    draft = Draft.objects.create(
        author=by, key=key, kind=kind, text=text, values=changed, reason=reason, base=base, made_at=now_moment(),
        title=book.standards[number].title if kind is Kind.REMOVAL else title,
        standard=Standard.objects.get(number=number) if number else None,
    )  # fmt: skip
    opening = threads.start_thread(
        forum, by=by, subject=f"Draft {draft.pk}: {draft.heading}"[:SUBJECT_MAX],
        text=f"{reason}\n\nThe draft, and its ballot: /standards/drafts/{draft.pk}/", key=key,
    )  # fmt: skip
    Draft.objects.filter(pk=draft.pk).update(thread=opening.thread)
    tell(events.DraftPutForward(draft_id=draft.pk, by=by.pk, office=MEMBER, reason=reason))
    return draft


@transaction.atomic
def second(draft: Draft, *, by: Member) -> None:
    draft = _held(draft.pk)
    standing = queries.may_second_drafts(by, queries.charter(now_moment()))
    rules.may_second(draft.stage, is_author=by.pk == draft.author_id, standing=standing).or_refuse()
    if Second.objects.get_or_create(draft=draft, member=by, defaults={"moment": now_moment()})[1]:
        Draft.objects.filter(pk=draft.pk).update(second_count=F("second_count") + 1)
        tell(events.DraftSeconded(draft_id=draft.pk))


@transaction.atomic
def unsecond(draft: Draft, *, by: Member) -> None:
    draft = _held(draft.pk)
    rules.may_second(draft.stage, is_author=by.pk == draft.author_id, standing=Answer(True)).or_refuse()
    if Second.objects.filter(draft=draft, member=by).delete()[0]:
        Draft.objects.filter(pk=draft.pk).update(second_count=F("second_count") - 1)
        tell(events.SecondTakenBack(draft_id=draft.pk))


@transaction.atomic
def withdraw(draft: Draft, *, by: Member) -> None:
    draft = _held(draft.pk)
    rules.may_withdraw(draft.stage, is_author=by.pk == draft.author_id).or_refuse()
    _end(draft, Stage.WITHDRAWN, now_moment())
    tell(events.DraftWithdrawn(draft_id=draft.pk, by=by.pk, office=MEMBER, reason=""))


@transaction.atomic
def vote(draft: Draft, *, by: Member, choice: int) -> Ballot:
    """Take a vote in, or change it. Whoever is on the roll votes, whatever has become of their account since."""
    draft = _held(draft.pk)
    is_open = draft.stage == Stage.BALLOT and now_moment() < (draft.closes_at or 0)
    place = rolls.place(draft.roll, by.pk) if is_open else None
    why_not = "" if place else queries.why_not_on_roll(draft, by)
    rules.may_vote(is_open=is_open, is_on_roll=place is not None, why_not=why_not).or_refuse()
    assert place is not None
    cast = Ballot.objects.filter(pk=place.token.hex()).first()
    if cast is not None and cast.choice == choice:
        return cast
    opening = rules.Opening(place.token, secrets.token_bytes(32), choice)
    ballot = Ballot(
        token=place.token.hex(), draft=draft, index=place.index, nonce=opening.nonce.hex(), choice=choice,
        commitment=rules.commitment(draft.pk, opening).hex(),
    )  # fmt: skip
    ballot.save(force_insert=cast is None, force_update=cast is not None)
    return ballot


@transaction.atomic
def close_roll(draft_id: int, roll: Roll, now: int) -> bool:
    """Enough have seconded it: from now on it is discussed, and this is who may vote. False when it was done, or is undone."""
    draft = _held(draft_id)
    numbers = queries.charter(now)
    if draft.stage != Stage.SECONDING or draft.second_count < numbers.seconds:
        return False
    Draft.objects.filter(pk=draft.pk).update(
        stage=Stage.DISCUSSION, charter=asdict(numbers), rolled_at=now, ballot_at=now + numbers.discussion_days * DAY,
        roll=roll.name, voters=roll.voters, roll_root=roll.root,
    )  # fmt: skip
    tell(events.RollClosed(draft_id=draft.pk, voters=roll.voters, root=roll.root, by=0, office=MEMBERS, reason=""))
    return True


@transaction.atomic
def open_ballot(draft_id: int, now: int) -> bool:
    """The discussion is over. The ballot lasts its days from now on, however late this comes."""
    draft = _held(draft_id)
    if draft.stage != Stage.DISCUSSION or now < (draft.ballot_at or 0):
        return False
    Draft.objects.filter(pk=draft.pk).update(stage=Stage.BALLOT, closes_at=now + draft.numbers.ballot_days * DAY)
    tell(events.BallotOpened(draft_id=draft.pk, by=0, office=MEMBERS, reason=""))
    return True


@transaction.atomic
def decide(draft_id: int, now: int) -> bool:
    """Open the ballots together, count them, and do what they say: once, whoever comes first."""
    draft = _held(draft_id)
    if draft.stage != Stage.BALLOT or now < (draft.closes_at or 0):
        return False
    openings = [ballot.opening for ballot in Ballot.objects.filter(draft=draft).order_by("token")]
    root = rules.root(rules.commitment(draft.pk, opening) for opening in openings).hex()
    digest, found = rules.openings_hash(openings), rules.tally(opening.choice for opening in openings)
    tell(events.BallotsOpened(
        draft_id=draft.pk, count=found.cast, root=root, openings_hash=digest, by=0, office=MEMBERS, reason="",
    ))  # fmt: skip
    stage, edition, unfit = Stage.RATIFIED, None, _unfit(draft)
    quorum, majority = rules.thresholds(Kind(draft.kind), draft.numbers)
    count = found._asdict()
    if unfit:
        stage = Stage.SET_ASIDE
        tell(events.DraftSetAside(draft_id=draft.pk, by=0, office=MEMBERS, reason=unfit))
    elif not rules.has_quorum(found, draft.voters, quorum):
        stage = Stage.NO_QUORUM
        tell(events.DraftLackedQuorum(draft_id=draft.pk, **count, by=0, office=MEMBERS, reason=""))
    elif not rules.is_carried(found, majority):
        stage = Stage.REJECTED
        tell(events.DraftRejected(draft_id=draft.pk, **count, by=0, office=MEMBERS, reason=""))
    else:
        edition = _ratify(draft, now)
        tell(events.DraftRatified(draft_id=draft.pk, edition=edition.number, **count, by=0, office=MEMBERS, reason=""))
    _end(draft, stage, now, outcome=unfit, edition=edition, ballots_root=root, openings_hash=digest, **count)
    return True


@transaction.atomic
def come_into_force(edition_id: int, now: int) -> bool:
    """Tell that an edition is in force from today on."""
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition_id)
    if not edition.is_to_be_told or now < edition.in_force:
        return False
    Edition.objects.filter(pk=edition.pk).update(is_to_be_told=False)
    tell(events.EditionInForce(edition=edition.number, by=0, office=MEMBERS, reason=""))
    before = Edition.objects.get(number=edition.number - 1)
    if before.numbers != edition.numbers:
        tell(events.CharterChanged(edition=edition.number, by=0, office=MEMBERS, reason=""))
    return True


def _held(draft_id: int) -> Draft:
    return Draft.objects.select_for_update(no_key=True, of=("self",)).select_related("standard").get(pk=draft_id)


def _end(draft: Draft, stage: Stage, now: int, **values: object) -> None:
    """The roll's key goes, when this is certain: whose a token was, nobody can tell from then on."""
    Draft.objects.filter(pk=draft.pk).update(stage=stage, ended_at=now, **values)
    if draft.roll:
        transaction.on_commit(lambda: rolls.destroy_key(draft.roll))


def _unfit(draft: Draft) -> str:
    if not rolls.has_key(draft.roll):
        return "The key of its roll was lost, so that not everybody could vote. It can be put forward again."
    return rules.unfit(draft.change, queries.rulebook(draft.base), queries.rulebook(queries.newest_edition()))


def _ratify(draft: Draft, now: int) -> Edition:
    """The next edition: the newest one with this change."""
    newest = queries.newest_edition()
    standard = draft.standard
    if draft.kind == Kind.NEW:
        number = Standard.objects.order_by("-number").values_list("number", flat=True)[0] + 1
        standard = Standard.objects.create(number=number)
        Draft.objects.filter(pk=draft.pk).update(standard=standard)
    book: Rulebook = rules.applied(draft.change._replace(number=standard.number if standard else 0), queries.rulebook(newest))
    edition = Edition.objects.create(
        number=newest.number + 1, in_force=max(rules.in_force_at(now), newest.in_force + 1), charter=asdict(book.charter),
        is_to_be_told=True,
    )  # fmt: skip
    ids = dict(Standard.objects.values_list("number", "pk"))
    Wording.objects.bulk_create(
        Wording(edition=edition, standard_id=ids[number], **words._asdict()) for number, words in book.standards.items()
    )
    return edition
