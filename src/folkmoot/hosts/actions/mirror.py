"""The member's own columns, which every rule below this room asks: as the rows here say."""

from folkmoot.base.time import to_moment
from folkmoot.hosts.models import ForumBlock, HostSeat
from folkmoot.members.models import Member


def held(member_id: int) -> Member:
    """The member as they are now, held to the transaction's end: always before a forum, a seat or a block."""
    return Member.objects.select_for_update(no_key=True).get(pk=member_id)


def mirror(member_id: int) -> None:
    """Bring the columns in line. The caller holds the member."""
    seats = HostSeat.objects.filter(member=member_id, ended_at=None, appointed_at__isnull=False).order_by("forum_id")
    blocks = ForumBlock.objects.filter(member=member_id, ended_at=None).order_by("forum_id")
    Member.objects.filter(pk=member_id).update(
        host_of=list(seats.values_list("forum_id", flat=True)),
        blocked_from={str(block.forum_id): [to_moment(block.until), block.reason] for block in blocks},
    )
