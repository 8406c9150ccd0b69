"""What is counted of juries, through the real actions."""

import csv
import io
from datetime import timedelta

from tests.jury import Moot, jury_of

from folkmoot.juries import actions
from folkmoot.juries.models import Alert, Case, Jury
from folkmoot.juries.queries.figures import figures
from folkmoot.juries.queries.shown import TOO_FEW, shown
from folkmoot.juries.rules import Choice

BREAKS, KEEPS = Choice.BREAKS, Choice.KEEPS


def _csv(village, more: str = "") -> list[list[str]]:
    return list(csv.reader(io.StringIO(village.visitor().get(f"/juries/figures.csv{more}").content.decode())))


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
    assert [one[:2] for _, one in found.by_tenure] == [(0, 0), (1, 2), (0, 0)]
    assert found.first.of == Jury.objects.filter(kind="first").count()
    assert found.drawn.of == 14
    assert {line.value for figure in shown(found) for line in figure.lines if line.of < 10} == {TOO_FEW}
    page = village.visitor().get("/juries/figures/").content.decode()
    assert TOO_FEW in page
    assert '<svg class="chart"' in page, "fourteen places were drawn"
    rows = _csv(village, "?days=30")
    assert rows[0] == ["figure", "what", "value", "low", "high", "unit", "expected", "of", "note"]
    assert ["Verdicts", "Verdicts", "", "", "", "", "", "fewer than 10", TOO_FEW] in rows


def test_the_page_shows_the_numbers_of_its_table_for_programs(village):
    moot = Moot(village, rest_hours=0)
    for number in range(3):
        case = moot.alert(village.reply(village.opening(f"Thread {number}"), text="Fools."), by=moot.people[number])
        moot.judge(jury_of(case), *[BREAKS] * 5)
    rows = {(figure, what): rest for figure, what, *rest in _csv(village)[1:]}
    assert rows["How evenly the lot fell", "As many as have seats"][3] == "chi-square"
    assert rows["Who was summoned", "Declined"][0] == "0"
    page = village.visitor().get("/juries/figures/").content.decode()
    for figure in shown(figures(moot.now)):
        assert f">{figure.title}</h2>" in page
        for line in figure.lines:
            assert f"<td>{line.value}</td>" in page


def test_a_figure_moves_with_a_verdict_and_not_with_an_alert(village):
    moot = Moot(village, rest_hours=0)
    before = village.visitor().get("/juries/figures.csv").content
    moot.full(village.reply(village.opening(), text="Fools."), village.cleo)
    assert village.visitor().get("/juries/figures.csv").content == before


def test_the_records_of_alerters_are_counted_to_the_end_of_last_month(village):
    moot = Moot(village, rest_hours=0)
    for number in range(3):
        case = moot.alert(village.reply(village.opening(f"Thread {number}"), text="Fools."), by=village.cleo)
        moot.judge(jury_of(case), *[BREAKS] * 5)
    first = moot.now.replace(day=1)
    Case.objects.update(closed_at=first + timedelta(seconds=1))
    assert [one.hits for _, one in figures(moot.now).by_record] == [0, 0, 0], "it would tell who alerted"
    Case.objects.update(closed_at=first - timedelta(days=1))
    assert [one.hits for _, one in figures(moot.now).by_record] == [0, 0, 3]
    assert Alert.objects.filter(member=village.cleo).count() == 3
