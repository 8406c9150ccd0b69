"""Names and offices, by tables, without a database."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.members import rules

pytestmark = pytest.mark.no_database


@dataclass
class Person:
    banned_at: datetime | None = None
    paused_until: datetime | None = None
    is_administrator: bool = False
    is_sealed: bool = False
    on_panel: bool = False
    host_of: tuple[int, ...] = ()
    blocked_from: dict[str, tuple[int, str]] = field(default_factory=dict)


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


def test_who_may_act_in_an_office():
    assert rules.may_administer(GUS)
    for who in (None, ADA, Person(datetime(2026, 1, 1, tzinfo=UTC), True)):
        assert not rules.may_administer(who)
    assert rules.may_ban(GUS, ADA)
    assert not rules.may_ban(ADA, GUS)
    assert not rules.may_ban(GUS, GUS)
    assert not rules.may_ban(GUS, BANNED)
    assert "review panel" in str(rules.may_ban(GUS, Person(on_panel=True)).reason)
    assert rules.may_post(ADA)
    assert not rules.may_post(None)
    assert not rules.may_post(BANNED)


def test_an_office_closes_seven_days_after_it_began_without_a_second_factor():
    seals_at = rules.seals_at
    began = datetime(2026, 1, 1, tzinfo=UTC)
    assert seals_at("administrator", began, has_second_factor=False) == began + rules.SECOND_FACTOR_GRACE
    assert seals_at("administrator", None, has_second_factor=False).year == 1
    assert seals_at("administrator", began, has_second_factor=True) is None
    assert seals_at("", began, has_second_factor=False) is None


def test_nobody_resets_their_own_second_factor_as_an_officer():
    assert rules.may_reset_second_factor(GUS, ADA)
    assert not rules.may_reset_second_factor(GUS, GUS)
    assert not rules.may_reset_second_factor(ADA, GUS)
    assert rules.may_administer(Person(is_administrator=True, is_sealed=True)).reason == rules.SEALED


def _first(wanted: str, how_many: int = 1) -> list[str]:
    return list(islice(rules.names_near(wanted), how_many))


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        ("Ada", "Ada"),
        ("Two Words!", "Two_Words"),
        ("Zoë Крылова", "Zoe"),
        ("admin", "was-admin"),
        ("!!!", "somebody"),
        ("", "somebody"),
        ("x" * 80, "x" * rules.NAME_MAX),
    ],
)
def test_a_name_of_an_old_board_comes_as_near_as_it_may(wanted, taken):
    assert _first(wanted) == [taken]


def test_a_name_that_is_taken_gets_a_number_and_stays_short_enough():
    assert _first("Ada", 3) == ["Ada", "Ada-2", "Ada-3"]
    assert all(len(name) <= rules.NAME_MAX for name in _first("x" * 80, 200))


@given(st.text(max_size=60))
def test_every_name_of_an_old_board_finds_one_that_we_give(wanted):
    assert all(rules.may_be_named(name) for name in _first(wanted, 3))


@dataclass
class Account:
    claimable: bool


def test_an_account_is_claimed_once_and_a_claim_is_settled_once():
    assert rules.may_claim(Account(True))
    assert not rules.may_claim(Account(False))
    assert not rules.may_claim(Account(True), granted=False)


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


def test_in_which_office_a_member_acts_in_a_forum():
    assert rules.office_in(GUS, 7) == "administrator"
    assert rules.office_in(Person(host_of=(7,)), 7) == "host"
    for nobody in (
        None,
        ADA,
        Person(host_of=(8,)),
        Person(datetime(2026, 1, 1, tzinfo=UTC), is_administrator=True, host_of=(7,)),
    ):
        assert rules.office_in(nobody, 7) == ""


def test_a_block_is_of_one_forum():
    out = Person(blocked_from={"7": (1_790_000_000_000_000, "Three adverts.")})
    assert "until Sep 21, 2026: Three adverts." in str(rules.may_post_in(out, 7).reason)
    assert rules.may_post_in(out, 8)
    assert not rules.may_post_in(None, 8)


def test_a_pause_keeps_from_posting_and_from_nothing_else():
    paused = Person(paused_until=datetime(2026, 11, 29, 12, 30, tzinfo=UTC))
    assert rules.may_take_part(paused)
    assert "Nov 29, 12:30 UTC" in str(rules.may_post(paused).reason)


@pytest.mark.parametrize(("email", "watched", "allowed"), [
    ("ada@moot.example", (), True), ("x@mailinator.com", (), False), ("x@a.Mailinator.com", (), False),
    ("x@notmailinator.com", (), True), ("x@moot.example", ("moot.example",), False), ("", (), True),
])  # fmt: skip
def test_mail_that_is_thrown_away_serves_nobody(email, watched, allowed):
    assert bool(rules.may_write_to(email, watched=watched)) is allowed
