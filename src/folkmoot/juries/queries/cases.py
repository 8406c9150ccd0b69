"""What actions and pages ask about a case."""

from functools import lru_cache

from folkmoot.juries.models import Case, Jury, Vote
from folkmoot.juries.rules import Ballot
from folkmoot.ledger.models import OutboxEntry
from folkmoot.ledger.queries import entry_of
from folkmoot.ledger.rules import merkle
from folkmoot.standards import queries as standards
from folkmoot.standards.models import Wording


@lru_cache(maxsize=1024)
def leaf_hash_of_entry(entry_id: int) -> bytes:
    """An entry never changes, so that its hash is made once."""
    return merkle.leaf_hash(entry_of(OutboxEntry.objects.select_related("reason").get(pk=entry_id)))


def leaf_hash_of(jury: Jury) -> bytes:
    """Of the entry that opened it."""
    assert jury.opening_id is not None
    return leaf_hash_of_entry(jury.opening_id)


def standards_of(case: Case) -> dict[int, Wording]:
    """The standards by which this case is judged, by number."""
    return {wording.standard.number: wording for wording in standards.wordings(case.edition)}


def ballots_of(jury: Jury) -> list[Ballot]:
    """The votes that count: of who still sits, and of who could not judge."""
    votes = Vote.objects.filter(seat__jury=jury).order_by("seat__position")
    return [Ballot(choice, standard) for choice, standard in votes.values_list("choice", "standard")]
