"""Drafts, from the day they are put forward to the day they are decided, and editions that come into force."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from folkmoot.base.answers import Answer, no
from folkmoot.base.events import tell
from folkmoot.base.time import DAY, now_moment
from folkmoot.forums.models import Forum
from folkmoot.members import actions as members
from folkmoot.members.models import Member
from folkmoot.standards import events, queries, rolls, rules
from folkmoot.standards.events import MEMBER, MEMBERS
from folkmoot.standards.models import Ballot, Draft, Edition, Second, Standard, Wording
from folkmoot.standards.rolls import Roll
from folkmoot.standards.rules import OF_AN_OFFICE, OPEN, RECALL_DAYS, Charter, Kind, Rulebook, Stage
from folkmoot.threads import actions as threads
from folkmoot.threads.rules import SUBJECT_MAX


@transaction.atomic
def put_forward(
    kind: Kind, *, by: Member, reason: str, forum: Forum, number: int = 0, title: str = "", text: str = "",
    values: Mapping[str, int] | None = None, key: str | None = None,
) -> Draft:  # fmt: skip
    """Put a draft forward, and open the thread in which it is discussed. `values`: numbers of the charter."""
    by = hold(by)
    if made := made_already(by, key):
        return made
    open_count = Draft.objects.filter(author=by, stage__in=OPEN).exclude(kind__in=OF_AN_OFFICE).count()
    rules.may_put_forward(queries.may_second_drafts(by, queries.charter(now_moment())), open_count).or_refuse()
    base = queries.newest_edition()
    book = queries.rulebook(base)
    changed = {name: value for name, value in (values or {}).items() if getattr(book.charter, name) != value}
    change = rules.Change(kind, number, title, text, changed)
    if unfit := rules.unfit(change, book, book):
        no(unfit).or_refuse()
    if rules.changes_nothing(change, book):
        no("This draft changes nothing.").or_refuse()
    draft = Draft(
        author=by, key=key, kind=kind, text=text, values=changed, reason=reason, base=base,
        title=book.standards[number].title if kind is Kind.REMOVAL else title,
        standard=Standard.objects.get(number=number) if number else None,
    )  # fmt: skip
    open_thread(draft, forum)
    tell(events.DraftPutForward(draft_id=draft.pk, by=by.pk, office=MEMBER, reason=reason))
    return draft


@transaction.atomic
def put_forward_recall(
    *, by: Member, reason: str, forum: Forum, seat: int, host: Member, of: Forum, is_running: bool, key: str | None = None
) -> Draft:
    """Put forward the recall of a host `of` a forum. The caller holds the seat, and says whether it is somebody's."""
    by, now = hold(by), now_moment()
    if made := made_already(by, key):
        return made
    numbers = queries.charter(now)
    queries.may_second_drafts(by, numbers).or_refuse()
    earlier = Draft.objects.filter(seat=seat)
    lost = earlier.filter(stage__in=(Stage.REJECTED, Stage.NO_QUORUM)).aggregate(at=Max("ended_at"))["at"]
    is_under_way = earlier.filter(stage__in=OPEN).exists()
    rules.may_recall(is_running=is_running, is_under_way=is_under_way, lost_at=lost, now=now).or_refuse()
    draft = Draft(
        author=by, key=key, kind=Kind.RECALL, reason=reason, base=queries.newest_edition(), seat=seat, host=host, forum=of,
        seconds_needed=rules.recall_seconds(len(queries.regulars(of, now)), numbers), seconds_until=now + RECALL_DAYS * DAY,
    )  # fmt: skip
    open_thread(draft, forum)
    says = f"A member put forward that you be recalled as a host of {of.name}. You can answer where it is discussed."
    members.inform(host.pk, says, f"/standards/drafts/{draft.pk}/")
    tell(events.RecallPutForward(draft_id=draft.pk, forum_id=of.pk, by=by.pk, office=MEMBER, reason=reason))
    return draft


def made_already(by: Member, key: str | None) -> Draft | None:
    """By the same form, which was sent twice."""
    return Draft.objects.filter(author=by, key=key).first() if key else None


def open_thread(draft: Draft, forum: Forum) -> None:
    """Keep the draft, and open the thread in which it is discussed."""
    draft.made_at = now_moment()
    draft.save(force_insert=True)
    opening = threads.start_thread(
        forum, by=draft.author, subject=f"Draft {draft.pk}: {draft.heading}"[:SUBJECT_MAX],
        text=f"{draft.reason}\n\nThe draft, and its ballot: /standards/drafts/{draft.pk}/", key=draft.key,
    )  # fmt: skip
    draft.thread = opening.thread
    draft.save(update_fields=["thread"])


@transaction.atomic
def second(draft: Draft, *, by: Member) -> None:
    draft = held(draft.pk)
    standing = queries.may_second(draft, by, queries.charter(now_moment()))
    rules.may_second(draft.stage, is_author=by.pk == draft.author_id, standing=standing).or_refuse()
    if Second.objects.get_or_create(draft=draft, member=by, defaults={"moment": now_moment()})[1]:
        Draft.objects.filter(pk=draft.pk).update(second_count=F("second_count") + 1)
        tell(events.DraftSeconded(draft_id=draft.pk))


@transaction.atomic
def unsecond(draft: Draft, *, by: Member) -> None:
    draft = held(draft.pk)
    rules.may_second(draft.stage, is_author=by.pk == draft.author_id, standing=Answer(True)).or_refuse()
    if Second.objects.filter(draft=draft, member=by).delete()[0]:
        Draft.objects.filter(pk=draft.pk).update(second_count=F("second_count") - 1)
        tell(events.SecondTakenBack(draft_id=draft.pk))


@transaction.atomic
def withdraw(draft: Draft, *, by: Member) -> None:
    draft = held(draft.pk)
    rules.may_withdraw(draft.stage, is_author=by.pk == draft.author_id).or_refuse()
    end(draft, Stage.WITHDRAWN, now_moment())
    tell(events.DraftWithdrawn(draft_id=draft.pk, by=by.pk, office=MEMBER, reason=""))


@transaction.atomic
def vote(draft: Draft, *, by: Member, choice: int) -> Ballot:
    """Take a vote in, or change it. Whoever is on the roll votes, whatever has become of their account since."""
    draft = held(draft.pk)
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
    draft = held(draft_id)
    numbers = queries.charter(now)
    if draft.election_id or draft.stage != Stage.SECONDING or draft.second_count < draft.needs(numbers):
        return False
    begin_discussion(draft, roll, numbers, now)
    return True


def begin_discussion(draft: Draft, roll: Roll, numbers: Charter, now: int) -> None:
    Draft.objects.filter(pk=draft.pk).update(
        stage=Stage.DISCUSSION, charter=asdict(numbers), rolled_at=now, ballot_at=now + numbers.discussion_days * DAY,
        roll=roll.name, voters=roll.voters, roll_root=roll.root,
    )  # fmt: skip
    tell(events.RollClosed(draft_id=draft.pk, voters=roll.voters, root=roll.root, by=0, office=MEMBERS, reason=""))


@transaction.atomic
def open_ballot(draft_id: int, now: int) -> bool:
    """The discussion is over. The ballot lasts its days from now on, however late this comes."""
    draft = held(draft_id)
    if draft.election_id or draft.stage != Stage.DISCUSSION or now < (draft.ballot_at or 0):
        return False
    begin_ballot(draft, now)
    return True


def begin_ballot(draft: Draft, now: int) -> None:
    Draft.objects.filter(pk=draft.pk).update(stage=Stage.BALLOT, closes_at=now + draft.numbers.ballot_days * DAY)
    tell(events.BallotOpened(draft_id=draft.pk, by=0, office=MEMBERS, reason=""))


@transaction.atomic
def decide(draft_id: int, now: int) -> bool:
    """Open the ballots together, count them, and do what they say: once, whoever comes first."""
    hold_host(draft_id)
    draft = held(draft_id)
    if draft.election_id or draft.stage != Stage.BALLOT or now < (draft.closes_at or 0):
        return False
    counted, unfit = open_ballots(draft), _unfit(draft)
    quorum, majority = rules.thresholds(Kind(draft.kind), draft.numbers)
    found = rules.Tally(counted["yes"], counted["nays"], counted["abstentions"])
    stage = Stage.SET_ASIDE if unfit else rules.outcome(found, draft.voters, quorum, majority)
    edition = _ratify(draft, now) if stage is Stage.RATIFIED and draft.kind not in OF_AN_OFFICE else None
    end(draft, stage, now, outcome=unfit, edition=edition, **counted)
    said = {"draft_id": draft.pk, **found._asdict()}
    if stage is Stage.SET_ASIDE:
        tell(events.DraftSetAside(draft_id=draft.pk, by=0, office=MEMBERS, reason=unfit))
    elif stage is Stage.NO_QUORUM:
        tell(events.DraftLackedQuorum(**said, by=0, office=MEMBERS, reason=""))
    elif stage is Stage.REJECTED:
        tell(events.DraftRejected(**said, by=0, office=MEMBERS, reason=""))
    elif edition:
        tell(events.DraftRatified(edition=edition.number, **said, by=0, office=MEMBERS, reason=""))
    else:
        assert draft.forum_id is not None
        tell(events.RecallCarried(forum_id=draft.forum_id, **said, by=0, office=MEMBERS, reason=""))
    return True


def open_ballots(draft: Draft) -> dict[str, Any]:
    """Open them together and count them: the draft's own columns."""
    openings = [ballot.opening for ballot in Ballot.objects.filter(draft=draft).order_by("token")]
    root = rules.root(rules.commitment(draft.pk, opening) for opening in openings).hex()
    digest, found = rules.openings_hash(openings), rules.tally(opening.choice for opening in openings)
    tell(events.BallotsOpened(
        draft_id=draft.pk, count=found.cast, root=root, openings_hash=digest, by=0, office=MEMBERS, reason="",
    ))  # fmt: skip
    return {**found._asdict(), "ballots_root": root, "openings_hash": digest}


@transaction.atomic
def lapse(draft_id: int, now: int) -> bool:
    """Too few seconded it while it could be seconded."""
    draft = held(draft_id)
    if draft.stage != Stage.SECONDING or draft.seconds_until is None or now < draft.seconds_until:
        return False
    set_aside(draft, now, reason=f"Too few seconded it in time: {draft.second_count} of {draft.needs(queries.charter(now))}.")
    return True


@transaction.atomic
def end_recall(seat: int, *, reason: str) -> None:
    """A host's seat has ended in another way, so that nothing is left to be decided. The caller holds its member."""
    for pk in Draft.objects.filter(seat=seat, stage__in=OPEN).values_list("pk", flat=True):
        set_aside(held(pk), now_moment(), reason=reason)


def set_aside(draft: Draft, now: int, *, reason: str, **counted: object) -> None:
    end(draft, Stage.SET_ASIDE, now, outcome=reason, **counted)
    tell(events.DraftSetAside(draft_id=draft.pk, by=0, office=MEMBERS, reason=reason))


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


def hold(member: Member) -> Member:
    """Held to the transaction's end: always before a draft."""
    return Member.objects.select_for_update(no_key=True).get(pk=member.pk)


def hold_host(draft_id: int) -> None:
    """Whose recall it is, if it is one: whoever ends a seat holds its member first, too, and then the draft."""
    list(Member.objects.select_for_update(no_key=True).filter(pk=Draft.objects.values_list("host").get(pk=draft_id)[0]))


def held(draft_id: int) -> Draft:
    held_rows = Draft.objects.select_for_update(no_key=True, of=("self",)).select_related("standard", "author", "host", "forum")
    return held_rows.get(pk=draft_id)


def end(draft: Draft, stage: Stage, now: int, **values: object) -> None:
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
