"""What members may have to be told of. Each only writes a row: whom it concerns is looked up by the clock."""

from folkmoot.base.events import hears
from folkmoot.juries.events import JurorsSummoned, PartiesTold
from folkmoot.notifications import actions
from folkmoot.notifications.models import SUMMONS, Due
from folkmoot.threads.events import Edited, OfPost, PostLetIn, Recommended, Replied, ThreadStarted


@hears(ThreadStarted, Replied, PostLetIn)
def arrived(event: OfPost) -> None:
    actions.note_due(event.post_id, Due.What.ARRIVED)


@hears(Edited)
def edited(event: Edited) -> None:
    actions.note_due(event.post_id, Due.What.EDITED)


@hears(Recommended)
def recommended(event: Recommended) -> None:
    if event.given:
        actions.note_due(event.post_id, Due.What.RECOMMENDED)


@hears(JurorsSummoned)
def summoned(event: JurorsSummoned) -> None:
    actions.tell_of_jury(event.member_ids, key=f"{SUMMONS}{event.jury_id}", address=f"/juries/serve/{event.jury_id}/")


@hears(PartiesTold)
def verdict(event: PartiesTold) -> None:
    actions.tell_of_jury(event.member_ids, key=f"verdict:{event.case_id}", address=f"/juries/{event.case_id}/")
