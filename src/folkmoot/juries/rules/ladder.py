"""What follows when juries hide several posts of one member: it scales with how much they write. Pure."""

from enum import Enum

from folkmoot.standards.rules import Charter


class Rung(Enum):
    NONE = "none"
    WARNED = "warned"
    OUT_OF_SERVICE = "out of service"
    """No jury, no host's seat, while those posts count."""
    PAUSED = "paused"
    """Posting pauses for each new hidden post; out of service too."""


def rung(hides: int, posts: int, charter: Charter) -> Rung:
    """Where a member stands with so many posts hidden among so many written, both within `charter.ladder_days`."""

    def reaches(least: int, share: int) -> bool:
        return hides >= least and hides * 100 >= share * posts

    if reaches(charter.ladder_pause_hides, charter.ladder_pause_share):
        return Rung.PAUSED
    if reaches(charter.ladder_service_hides, charter.ladder_service_share):
        return Rung.OUT_OF_SERVICE
    return Rung.WARNED if hides else Rung.NONE
