"""Names and offices, by tables, without a database."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.members import rules

pytestmark = pytest.mark.no_database


@dataclass
class Person:
    banned_at: datetime | None = None
    is_administrator: bool = False


GUS, ADA, BANNED = Person(is_administrator=True), Person(), Person(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("name", ["Ada", "old_ferryman", "José", "Łukasz", "Мария", "李雷", "x1", "a.b-c", "quietcarriage"])
def test_good_names(name):
    assert rules.may_be_named(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a",
        "a" * 31,
        "two words",
        "-a-",
        "a/b",
        "a<b",
        "admin",
        "ADMIN",
        "Adm1n",
        "аdmin",
        "Аda",
        "me",
        "a\u202eb",
        "a\u200bb",
        "😀😀",
        "..",
    ],
)
def test_bad_names(name):
    answer = rules.may_be_named(name)
    assert not answer
    assert str(answer.reason).endswith(".")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada", "ada"), ("Ada", "Adа"), ("Bill", "Bi11"), ("modern", "rnodern"), ("Bob", "B0b"), ("vvater", "water"),
     ("José", "Jose"), ("old_ferryman", "oldferryman"), ("ＡＤＡ", "ada"), ("Cleo", "CIeo")],
)  # fmt: skip
def test_look_alikes_have_one_key(one, other):
    assert rules.name_key(one) == rules.name_key(other)


@given(st.text(min_size=1, max_size=30))
def test_a_key_is_never_empty_nor_much_longer(name):
    key = rules.name_key(name)
    assert isinstance(key, str)
    assert len(key) <= 30 * 18  # one compatibility character unfolds to at most 18


def test_offices():
    assert rules.may_administer(GUS)
    for who in (None, ADA, Person(datetime(2026, 1, 1, tzinfo=UTC), True)):
        assert not rules.may_administer(who)
    assert rules.may_ban(GUS, ADA)
    assert not rules.may_ban(ADA, GUS)
    assert not rules.may_ban(GUS, GUS)
    assert not rules.may_ban(GUS, BANNED)
    assert rules.may_post(ADA)
    assert not rules.may_post(None)
    assert not rules.may_post(BANNED)


def test_names_that_only_another_case_or_alphabet_tells_apart_are_one():
    for one, other in (
        ("AHMET", "ΑΗΜΕΤ"),
        ("Νίκος", "ΝΙΚΟΣ"),
        ("Пётр", "петр"),
        ("Bank", "b𝞖nk".replace("𝞖", "𝚨")),
        ("MAX", "ΜΑΧ"),
    ):
        assert rules.name_keys(one) & rules.name_keys(other), (one, other)
    assert not rules.name_keys("Nan") & rules.name_keys("Van")


def test_a_name_ends_where_it_seems_to_end():
    assert not rules.may_be_named("Ada\n")
    assert rules.may_be_named("Ada")
