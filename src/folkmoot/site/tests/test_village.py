"""The village's texts: who writes where, to what, when, and that nobody repeats anybody."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from folkmoot.site.cast import CAST
from folkmoot.site.demo import FOLDER, Line, Script, read_script, read_scripts
from folkmoot.site.founding import political

pytestmark = pytest.mark.no_database

FORUMS = {slug for _, _, forums in political.CATEGORIES for slug, _, _ in forums}
NAMES = {villager.name for villager in CAST}
SCRIPTS = read_scripts()


def everywhere() -> Iterator[tuple[str, int, Line]]:
    """Every post, with its thread's subject and its number in the thread."""
    for script in SCRIPTS:
        for number, line in enumerate(script.posts, 1):
            yield script.posts[0].subject, number, line


def depth(script: Script) -> int:
    """Levels of the deepest chain; a thread that nobody answered has one."""
    levels: list[int] = []
    for line in script.posts:
        levels.append(1 if line.to is None else levels[line.to - 1] + 1)
    return max(levels)


def runs(text: str) -> set[str]:
    """Every seven consecutive words, quote lines left out."""
    own = "\n".join(line for line in text.splitlines() if not line.startswith(">"))
    words = re.findall(r"[a-z0-9]+(?:['’][a-z0-9]+)*", own.lower())
    return {" ".join(words[n : n + 7]) for n in range(len(words) - 6)}


def test_each_file_is_named_after_its_forum() -> None:
    for path in FOLDER.glob("*.txt"):
        assert path.name.startswith(read_script(path.read_text(encoding="utf-8")).forum + "-"), path.name


def test_every_forum_of_the_template_has_a_thread_and_no_thread_stands_elsewhere() -> None:
    assert {script.forum for script in SCRIPTS} == FORUMS


def test_the_village_is_as_large_as_a_village() -> None:
    assert 55 <= len(SCRIPTS) <= 70
    assert sum(len(script.posts) for script in SCRIPTS) >= 800


def test_only_villagers_write_and_recommend_and_nobody_recommends_herself() -> None:
    for thread, number, line in everywhere():
        assert line.author in NAMES, (thread, number)
        assert set(line.recommend) <= NAMES - {line.author}, (thread, number)
        assert len(set(line.recommend)) == len(line.recommend), (thread, number)


def test_one_post_opens_a_thread_and_every_other_answers_an_earlier_one() -> None:
    for thread, number, line in everywhere():
        if number == 1:
            assert line.to is None, thread
        else:
            assert line.to is not None, (thread, number)
            assert 1 <= line.to < number, (thread, number)


def test_no_answer_is_older_than_what_it_answers() -> None:
    for script in SCRIPTS:
        for number, line in enumerate(script.posts, 1):
            assert line.to is None or line.at >= script.posts[line.to - 1].at, (script.posts[0].subject, number)


def test_eight_threads_at_least_are_six_levels_deep() -> None:
    assert sum(depth(script) >= 6 for script in SCRIPTS) >= 8


def test_she_who_joined_today_writes_only_since_yesterday_and_without_links() -> None:
    for thread, number, line in everywhere():
        if line.author == "Dara":
            assert line.at >= -1440, (thread, number)
            assert "http" not in line.body, (thread, number)


def test_every_thread_has_a_subject_of_its_own() -> None:
    subjects = Counter(script.posts[0].subject for script in SCRIPTS)
    assert [subject for subject, count in subjects.items() if count > 1] == []


def test_no_two_posts_share_seven_consecutive_words() -> None:
    first: dict[str, tuple[str, int]] = {}
    shared: list[tuple[str, tuple[str, int], tuple[str, int]]] = []
    for thread, number, line in everywhere():
        for run in runs(line.subject) | runs(line.body):
            if run in first:
                shared.append((run, first[run], (thread, number)))
            else:
                first[run] = thread, number
    assert shared == []
