"""An account that moved in comes back to its owner, and to nobody else."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from folkmoot.base.answers import Refused
from folkmoot.ledger.models import OutboxEntry, Reason
from folkmoot.members import actions
from folkmoot.members.models import Claim, Member

PASSWORD = "the-owner-is-back-1"


@pytest.fixture
def old_hand(village):
    return actions.move_in("old.hand", joined=datetime(2009, 5, 1, tzinfo=UTC), email="hand@old.example")


def _begin(client: Client) -> str:
    """Ask for a code; returns the claimer's own address."""
    return client.post("/members/old.hand/claim/").headers["Location"]


def _path(html: str) -> str:
    return re.search(r"http://127\.0\.0\.1:8000(/account/link/[^\"]+)", html)[1]


def test_by_a_code_on_the_old_board(village, old_hand):
    owner, gus = Client(), village.signed_in(village.gus)
    assert "Is it yours?" in owner.get("/members/old.hand/").content.decode()
    mine = _begin(owner)
    html = owner.get(mine).content.decode()
    code = Claim.objects.get().code
    assert re.fullmatch(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", code)
    assert code in html
    assert "/account/link/" not in html
    assert code not in gus.get("/site/claims/").content.decode(), "nothing to look at yet"
    assert owner.post(mine, {"where": ""}).status_code == 200
    owner.post(mine, {"where": "https://old.example/t/1 <b>here</b>"})
    html = gus.get("/site/claims/").content.decode()
    assert code in html
    assert "https://old.example/t/1 &lt;b&gt;here" in html
    confirm = f"/site/claims/{Claim.objects.get().pk}/confirm/"
    assert gus.post(confirm, {"reason": ""}).status_code == 200
    assert Claim.objects.get().granted is None
    gus.post(confirm, {"reason": "The code stands in his profile there."})
    assert (OutboxEntry.objects.last().kind, Reason.objects.last().text) == (
        "ClaimGranted",
        "The code stands in his profile there.",
    )
    link = _path(owner.get(mine).content.decode())
    assert owner.post(link, {"password": PASSWORD}).status_code == 302
    assert owner.get("/account/").status_code == 200
    assert not Member.objects.get(name="old.hand").claimable
    assert "/account/link/" not in Client().get(mine).content.decode(), "the page opens nothing twice"
    assert "has an owner" in Client().get("/members/old.hand/claim/").content.decode()
    assert "Is it yours?" not in Client().get("/members/old.hand/").content.decode()


def test_a_refused_claim_says_why_and_opens_nothing(village, old_hand):
    client = Client()
    mine = _begin(client)
    client.post(mine, {"where": "nowhere"})
    gus = village.signed_in(village.gus)
    gus.post(f"/site/claims/{Claim.objects.get().pk}/refuse/", {"reason": "There is no such post."})
    html = client.get(mine).content.decode()
    assert "There is no such post." in html
    assert "/account/link/" not in html
    assert client.post(mine, {"where": "elsewhere"}).status_code == 403, "it is settled"
    assert "Nobody claims anything" in gus.get("/site/claims/").content.decode()
    assert Member.objects.get(name="old.hand").claimable


def test_nobody_but_an_administrator_settles(village, old_hand):
    _begin(Client())
    claim = Claim.objects.get()
    for client in (Client(), village.signed_in(village.ada)):
        assert client.get("/site/claims/").status_code == 403
        assert client.post(f"/site/claims/{claim.pk}/confirm/", {"reason": "I say so."}).status_code == 403
    with pytest.raises(Refused):
        actions.settle_claim(claim, by=village.ada, reason="I say so.", granted=True)
    claim.refresh_from_db()
    assert claim.granted is None


def test_claims_are_limited_and_stale_ones_go(village, old_hand):
    client = Client(REMOTE_ADDR="203.0.113.5")
    answers = [client.post("/members/old.hand/claim/").status_code for _ in range(11)]
    assert answers == [302] * 10 + [403]
    Claim.objects.update(made_at=datetime.now(UTC) - timedelta(days=31))
    actions.begin_claim(old_hand)
    assert Claim.objects.count() == 1


def test_an_account_with_an_owner_cannot_be_claimed(village):
    assert Client().get("/members/Ada/claim/").status_code == 403
    assert Client().post("/members/Ada/claim/").status_code == 403
    assert not Claim.objects.exists()
    assert Client().get("/account/claims/no-such-secret/").status_code == 404


def test_by_mail(village, old_hand):
    Client().post("/account/forgotten/", {"email": "hand@old.example"})
    address = re.search(r"http://127\.0\.0\.1:8000(/account/forgotten/\S+)", mail.outbox[-1].body)[1]
    client = Client()
    page = client.get(address, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    assert Client().post("/sign-in/", {"login": "old.hand", "password": PASSWORD}).status_code == 302
    assert not Member.objects.get(name="old.hand").claimable
