"""The benchmark's own parts: what it seeds is a sound board, and its report says what its results say."""

import random
from xml.etree import ElementTree

import pytest
from bench import report, results
from bench.cpu import Cost, measure, session_cookie
from bench.results import Memory, Run, Scenario, Shot, Weight
from bench.seeding import Seeded, liven, seed, shape, sizes
from bench.words import RARE, words

from folkmoot.base import markup
from folkmoot.site.recount import drift
from folkmoot.threads.models import Fragment, Post, Text, Thread


def _run() -> Run:
    shots = [Shot(90.0, 10.0, 30.0), Shot(110.0, 12.0, 20.0, 1), Shot(100.0, 11.0, 25.0)]
    return Run(
        "2026-01-02", False, {"processor": "Abacus <9> & Sons", "cores": "2"}, Seeded(50_000, 2_000, 200, 2.5, 2.4, 20_000.0),
        [
            Scenario("thread", "thread of 25 posts, visitor", shots, 56_000, "nginx"),
            Scenario("nginx", "nginx, the same", [Shot(1000.0, 1.0, 2.0)], 56_000),
            Scenario("reply-1", "replies, <1> client", [Shot(40.0, 9.0, 20.0)], note="of the POST alone"),
        ],
        {"thread page of 101 posts, visitor": Cost("/threads/1/a/", 2.5, 2.1, 3.0, 0.83, 5, 216_000, 300)},
        Memory(5, 300.0, 200.0, 190.0), [Weight("a thread of 25 posts, visitor", 56_000, 9_000, 0, 1_000, 4)],
        {"acknowledged": 40, "missing": 0, "doubled": 0}, "All is well.",
    )  # fmt: skip


@pytest.mark.no_database
def test_results_come_back_from_their_file_as_they_were(tmp_path):
    results.write(_run(), tmp_path / "latest.json")
    assert results.read(tmp_path / "latest.json") == _run()


@pytest.mark.no_database
def test_the_median_round_is_told_and_compared_with_nginx_in_the_same_run():
    run = _run()
    assert run.scenarios[0].middle == Shot(100.0, 11.0, 25.0, 1)
    assert run.ratio(run.scenarios[0]) == pytest.approx(0.1)
    assert run.ratio(run.scenarios[2]) is None


@pytest.mark.no_database
def test_every_scenario_has_a_row_in_the_document_and_on_the_terminal():
    run = _run()
    document, terminal = report.document(run), "\n".join(report.table(run))
    for scenario in run.scenarios:
        assert f"| {scenario.title} | {scenario.middle.per_second:,.1f} |" in document
        assert scenario.title in terminal
    for title in [*run.costs, run.weights[0].title]:
        assert f"| {title} |" in document
    assert "| NodeBB | 327 | 154 | 89 (20 posts) | 75 | 166 | 44 / 100 | 1,233 | 370 |" in document
    assert "10.0%" in document


@pytest.mark.no_database
def test_each_table_is_as_wide_as_its_head():
    rows = [line for line in report.document(_run()).splitlines() if line.startswith("|")]
    width = 0
    for row, following in zip(rows, [*rows[1:], ""], strict=True):
        width = row.count("|") if following.startswith("|---") else width
        assert row.count("|") == width, row


@pytest.mark.no_database
def test_pictures_are_well_formed_and_say_in_words_what_they_show(tmp_path):
    report.write(_run(), tmp_path)
    pictures = sorted((tmp_path / "performance").glob("*.svg"))
    document = (tmp_path / "performance.md").read_text()
    assert len(pictures) == 3
    for path in pictures:
        assert f"](performance/{path.name})" in document
        tree = ElementTree.parse(path)  # noqa: S314  (our own)
        said = tree.findtext("{http://www.w3.org/2000/svg}desc") or ""
        assert tree.findtext("{http://www.w3.org/2000/svg}title")
        assert any(figure in said for figure in ("100", "40.0", "2.50 ms")), said
        assert "prefers-color-scheme: dark" in path.read_text()


@pytest.mark.no_database
def test_only_what_is_wrong_fails_a_run_never_what_is_slow():
    run = _run()
    assert report.troubles(run) == ["thread of 25 posts, visitor: 1 went wrong"]
    run.scenarios, run.replies, run.check = [], {"acknowledged": 9, "missing": 1, "doubled": 2}, "SQLite: broken"
    assert report.troubles(run) == [
        "1 acknowledged replies missing",
        "2 acknowledged replies doubled",
        "folkmoot check: SQLite: broken",
    ]


@pytest.mark.no_database
def test_the_board_has_the_shape_that_was_asked():
    assert sorted(set(sizes(50_000, 2_000))) == [24, 25, 201]
    assert sum(sizes(50_000, 2_000)) == 50_000
    made = shape(60, random.Random(3))
    assert sorted(made.numbers) == list(range(60))
    for at, (parent, depth) in enumerate(zip(made.parents, made.depths, strict=True)):
        assert (parent is None) == (at == 0)
        if parent is not None:
            assert parent < at
            assert depth == made.depths[parent] + 1
            assert made.numbers[parent] < made.numbers[at]


@pytest.mark.no_database
def test_posts_are_the_same_each_time_and_a_tenth_has_the_rare_word():
    first, again = ([words(60).post(n, chance) for n in range(200)] for chance in (random.Random(5), random.Random(5)))
    first, again = list(first), list(again)
    assert first == again
    assert sum(RARE in source for source, _ in first) == 20
    assert all(markup.render(source) == html for source, html in first)
    assert 500 < sum(len(source) for source, _ in first) / 200 < 800


def test_the_seeded_board_counts_right_and_reads_well(community):
    seeded = seed(posts=700, members=30)
    places = liven()
    assert (Post.objects.count(), Thread.objects.count(), seeded.members) == (700, 28, 30)
    assert (Text.objects.count(), Fragment.objects.count()) == (700, 700)
    assert drift() == []
    assert Thread.objects.order_by("-last_number")[0].last_number == 200
    visitor = measure(places.long_thread, count=3)
    member = measure(places.long_thread, cookie=session_cookie(places.names[0]), count=3)
    assert visitor.queries <= 5
    assert member.queries <= 8
    assert member.bytes > visitor.bytes > 100_000


def test_bulk_rows_are_those_that_the_models_would_write(community):
    """The defaults of columns that a bulk path does not name."""
    seed(posts=250, members=12)
    post = Post.objects.select_related("fragment", "text").order_by("pk")[3]
    before = Post.objects.filter(pk=post.pk).values().get()
    post.save()
    assert Post.objects.filter(pk=post.pk).values().get() == before
    assert before["state_office"] == ""
    assert before["key"] is None
