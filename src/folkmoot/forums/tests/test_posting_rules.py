"""An administrator sets what a forum asks of a new thread; everybody reads it."""

import html

import pytest
from django.test import Client

from folkmoot.base.answers import Refused
from folkmoot.base.models import Touch
from folkmoot.forums import actions
from folkmoot.forums.models import Forum, PostingRules
from folkmoot.forums.rules import LINKED, NEWS, NO_RULES, RuleSet
from folkmoot.ledger.models import OutboxEntry, Reason
from folkmoot.site.founding import TEMPLATES

ADDRESS = "/forums/lounge/rules/"


def _said(address: str) -> str:
    return html.unescape(Client().get(address).content.decode())


def test_the_political_template_sets_rules_for_news_and_articles_and_no_other(village):
    found = {forum.slug: forum.rules for forum in Forum.objects.select_related("posting_rules") if forum.rules}
    assert found == {"breaking-news": NEWS, "editorials": LINKED}
    for name, template in TEMPLATES.items():
        asked = [forum.slug for category in template for forum in category.forums if forum.rules]
        assert asked == (["breaking-news", "editorials"] if name == "political" else [])


def test_an_administrator_sets_the_rules_with_a_reason(village):
    gus = village.signed_in(village.gus)
    form = {
        "link_required": "on",
        "max_age_hours": "24",
        "unique_link_days": "",
        "max_quoted_paragraphs": "2",
        "reason": "Fewer rumours.",
    }
    for broken in (
        {"reason": ""},
        {"max_age_hours": "0"},
        {"max_age_hours": "many"},
        {"max_quoted_paragraphs": "51"},
        {"unique_link_days": "99999"},
    ):
        assert gus.post(ADDRESS, {**form, **broken}).status_code == 422
    assert not OutboxEntry.objects.filter(kind="RulesChanged").exists()
    Touch.objects.all().delete()
    assert gus.post(ADDRESS, form).headers["Location"] == "/forums/lounge/about/"
    lounge = Forum.objects.get(slug="lounge")
    assert lounge.rules == RuleSet(link_required=True, max_age_hours=24, max_quoted_paragraphs=2)
    entry = OutboxEntry.objects.get(kind="RulesChanged")
    assert (entry.office, entry.facts["forum_id"], entry.facts["max_age_hours"]) == ("administrator", lounge.pk, 24)
    assert Reason.objects.get(entry=entry).text == "Fewer rumours."
    assert set(Touch.objects.values_list("tag", flat=True)) == {f"forum:{lounge.pk}", "ledger"}
    page = _said("/forums/lounge/about/")
    assert "The article is at most 24 hours old." in page
    assert "headline" not in page
    gus.post(ADDRESS, form)
    assert OutboxEntry.objects.filter(kind="RulesChanged").count() == 1, "the same rules again are no act"
    gus.post(ADDRESS, {"reason": "Enough."})
    assert "None: a thread needs a subject" in _said("/forums/lounge/about/")


def test_nobody_else_sets_them(village):
    lounge = Forum.objects.get(slug="lounge")
    for member in (village.ada, village.fern, village.eli):
        client = village.signed_in(member)
        assert client.get(ADDRESS).status_code == client.post(ADDRESS, {"link_required": "on", "reason": "x"}).status_code == 403
        with pytest.raises(Refused):
            actions.change_rules(lounge, by=member, rules=NEWS, reason="x")
    assert Client().post(ADDRESS, {"link_required": "on", "reason": "x"}).status_code == 403
    assert not PostingRules.objects.filter(forum=lounge).exists()
    assert Forum.objects.get(slug="lounge").rules == NO_RULES
    assert "Change the posting rules" not in _said("/forums/lounge/about/")
