"""What is counted of juries, through the real actions."""

import csv
import io

from tests.jury import Moot, jury_of

from folkmoot.juries import actions
from folkmoot.juries.models import Jury
from folkmoot.juries.queries.figures import figures, table
from folkmoot.juries.rules import Choice

BREAKS, KEEPS = Choice.BREAKS, Choice.KEEPS


def test_every_verdict_is_counted_once_and_few_are_not_shown(village):
    moot = Moot(village, rest_hours=0)
    hidden = moot.alert(village.reply(village.opening(), text="Fools."))
    moot.judge(jury_of(hidden), *[BREAKS] * 5)
    actions.appeal(hidden, by=village.bram, text="No.")
    moot.sweep()
    moot.judge(jury_of(hidden, "appeal"), *[KEEPS] * 11)
    left = moot.alert(village.reply(village.opening("Another"), text="Fools."), by=village.fern)
    moot.judge(jury_of(left), *[KEEPS] * 6, BREAKS)
    found = figures(moot.now)
    assert (found.alerts, found.verdicts, found.hidden[:2], found.overturned[:2]) == (2, 2, (1, 2), (1, 1))
    assert [(number, one[:2]) for number, _, one in found.by_standard] == [(3, (1, 2))]
    assert sum(found.first_places) == Jury.objects.filter(kind="first").count()
    assert {value for _, value, of, _ in table(found) if of < 10} <= {"too few to show", "2"}
    page = village.visitor().get("/juries/figures/").content.decode()
    assert "too few to show" in page
    rows = list(csv.reader(io.StringIO(village.visitor().get("/juries/figures.csv?days=30").content.decode())))
    assert rows[0] == ["what", "value", "of", "note"]
    assert ["Verdicts", "2", "2", "each case once, appeals apart"] in rows
