"""Who lives in the village, the demo community."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Villager:
    name: str
    role: str
    about: str
    days: int
    """Days since joining."""


CAST = (
    Villager("Ada", "member", "I teach eighth grade and read every budget twice.", 2410),
    Villager("Bram", "host", "I drive the 14. Here I speak as a neighbour.", 1980),
    Villager("Cleo", "juror", "Public defender. I like rules that a tired person can follow.", 1544),
    Villager("Dara", "joined today", "", 0),
    Villager("Eli", "banned", "Somebody has to say it.", 822),
    Villager("Fern", "Star member", "Retired nurse. Beans, roses, no nonsense.", 2203),
    Villager("Gus", "administrator", "I keep the machine warm.", 2601),
    Villager("MillStreetMarge", "member", "Mill Street since 1958. Three cats.", 2120),
    Villager("TwoStrokeTony", "member", "I mend small engines and deliver bread.", 1730),
    Villager("Odalys", "member", "I count things.", 1365),
    Villager("quietcarriage", "member", "librarian, second carriage, window seat", 960),
    Villager("old_ferryman", "member", "I took people across until there was a bridge in the way.", 1290),
    Villager("LevyWatcher", "member", "Both kinds of levy.", 1611),
)
