"""The ledger moves with the community: its files, and what they stand for."""

import pytest
from tests.databases import empty
from tests.pages import Scene

from folkmoot.base.answers import Refused
from folkmoot.exchange.whole import export_site, import_site
from folkmoot.ledger import actions, keys, queries
from folkmoot.ledger.log import Broken, verify
from folkmoot.ledger.models import Head, OutboxEntry
from folkmoot.ledger.rules import merkle
from folkmoot.site.actions import change_house_page


@pytest.mark.parametrize("private", [True, False])
def test_the_log_goes_on_where_it_was_when_its_key_has_come_too(village, tmp_path, private):
    scene = Scene(village)
    key, head = keys.read(actions.key_file()), actions.log().head()
    export_site(tmp_path / "out", private=private)
    empty()
    import_site(tmp_path / "out")
    assert queries.check() == []
    assert Head.objects.get().size == head.size
    verify(actions.log().read, head)
    change_house_page("terms", by=village.gus, text="Ours.", reason="We have moved.")
    with pytest.raises(Broken, match="reconcile"):
        actions.drain()
    keys.keep(key, actions.key_file())
    assert actions.reconcile(reason="We have moved.") == head.size
    assert actions.drain() == 2
    assert queries.check() == []
    found = queries.consistency(head.size)
    now = actions.log().head()
    assert found is not None
    assert merkle.goes_on(found[1], head.size, head.root, now.size, now.root)
    again = OutboxEntry.objects.get(kind="HousePageChanged")
    assert again.officer == (1 if private else 3), "after a public export nobody here knows who the first one was"
    assert len(scene.acts) == head.size


def test_a_public_export_does_not_say_whom_an_act_concerns(village, tmp_path):
    old = OutboxEntry.objects.get(kind="MemberBanned")
    old.facts = {"member_id": village.eli.pk}  # as before there was a log
    old.save()
    village.signed_in(village.gus).post("/members/Cleo/ban/", {"reason": "Also spam."})
    export_site(tmp_path / "out", private=False)
    told = (tmp_path / "out/ledger.jsonl").read_text() + (tmp_path / "out/reasons.jsonl").read_text()
    assert told.count("MemberBanned") == 1
    assert "Also spam." in told
    assert "Spam, three times." not in told
    for word in ("member_id", "author_id", "people_salt", '"people":'):
        assert word not in told


def test_a_move_that_fails_leaves_the_log_that_was_here(village, tmp_path):
    Scene(village)
    export_site(tmp_path / "out", private=True)
    empty()
    actions.drain()
    note = actions.log().note()
    tile = next((tmp_path / "out/ledger/tile/entries").rglob("*"))
    tile = next(path for path in tile.parent.rglob("*") if path.is_file())
    tile.write_bytes(b"Something else")
    with pytest.raises(Refused, match="is not as"):
        import_site(tmp_path / "out")
    assert actions.log().note() == note
