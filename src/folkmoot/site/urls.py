"""Every address of the site. The list is frozen by tests/house/test_routes.py."""

from django.urls import include, path, re_path

from folkmoot.members import actions as members
from folkmoot.members.forms import SeekMailForm, SeekNetworkForm
from folkmoot.site import actions
from folkmoot.site.views import desk, office, pages, people, record
from folkmoot.stars import actions as stars

handler400 = "folkmoot.site.views.bad_request"
handler404 = "folkmoot.site.views.not_found"
handler429 = "folkmoot.site.views.too_many"  # asked for by allauth
handler500 = "folkmoot.site.views.server_error"

_acts = [
    path(f"members/<str:name>/{verb}/", desk.act_on_member, {"act": act, "heading": heading, **more}, name=verb)
    for verb, act, heading, more in (
        ("ban", members.ban, "Ban this member", {}),
        ("unban", members.unban, "Lift this ban", {}),
        ("link", members.give_link, "Give a one-time link", {"shows_result": True}),
        ("second-step", members.reset_second_factor, "Take the second step of signing in away", {}),
        ("give-star", stars.give_star, "Mark as a Star member", {}),
        ("end-star", stars.end_star, "End the Star membership", {}),
    )
]

site_patterns = (
    [
        path("", pages.home, name="home"),
        path("forums/", pages.forums, name="forums"),
        path("categories/<slug:slug>/", pages.category, name="category"),
        path("forums/<slug:slug>/about/", pages.about_forum, name="about_forum"),
        path("forums/<slug:slug>/rules/", desk.posting_rules, name="posting_rules"),
        path("members/<str:name>/", pages.profile, name="profile"),
        *_acts,
        path(
            "threads/<int:thread_id>/feature/",
            desk.feature,
            {"act": actions.feature, "heading": "Feature this thread"},
            name="feature",
        ),
        path(
            "threads/<int:thread_id>/unfeature/",
            desk.feature,
            {"act": actions.unfeature, "heading": "Take off the front page"},
            name="unfeature",
        ),
        path("ledger/", record.ledger, name="ledger"),
        *(path(f"ledger/feed.{kind}", record.ledger_feed, {"kind": kind}, name=f"ledger_{kind}") for kind in ("atom", "json")),
        path("ledger/<int:act_id>/", record.act, name="act"),
        path("ledger/<int:act_id>/redact/", record.redact, name="redact"),
        path("star/", pages.star, name="star"),
        path("help/", pages.help_page, name="help"),
        path("site/patterns/", pages.patterns, name="patterns"),
        re_path(r"^(?P<page>terms|privacy|contact)/$", pages.house_page, name="house_page"),
        re_path(r"^site/pages/(?P<page>terms|privacy|contact)/$", desk.change_house_page, name="change_house_page"),
        path("site/office/", office.office, name="office"),
        path("site/members/", people.members, name="members"),
        path(
            "site/members/mail/",
            people.seek,
            {"form": SeekMailForm, "act": members.seek_by_mail, "heading": "Find members by mail address"},
            name="seek_by_mail",
        ),
        path(
            "site/members/network/",
            people.seek,
            {"form": SeekNetworkForm, "act": members.seek_by_network, "heading": "Find members by network"},
            name="seek_by_network",
        ),
        path("members/<str:name>/private/", people.private, name="private"),
        path("site/shelves/", office.shelves, name="shelves"),
        path("site/shelves/category/", office.open_category, name="open_category"),
        path("site/categories/<slug:slug>/", office.change_category, name="change_category"),
        path("site/shelves/forum/", office.open_forum, name="open_forum"),
        path("site/forums/<slug:slug>/", office.change_forum, name="change_forum"),
        path("site/community/", desk.community, name="community"),
        path("site/load/", desk.load_level, name="load_level"),
        path("site/claims/", desk.claims, name="claims"),
        path(
            "site/claims/<int:claim_id>/confirm/",
            desk.settle_claim,
            {"granted": True, "heading": "Confirm this claim"},
            name="confirm_claim",
        ),
        path(
            "site/claims/<int:claim_id>/refuse/",
            desk.settle_claim,
            {"granted": False, "heading": "Refuse this claim"},
            name="refuse_claim",
        ),
        path("demo/sign-in/", desk.demo_sign_in, name="demo_sign_in"),
        path("healthz", pages.healthz, name="healthz"),
        path("source.zip", pages.source_archive, name="source"),
        path("robots.txt", pages.robots, name="robots"),
        path("sitemap.xml", pages.sitemap, name="sitemap"),
        path("sitemaps/<int:number>.xml", pages.sitemap_file, name="sitemap_file"),
    ],
    "site",
)

urlpatterns = [
    path("", include(site_patterns)),
    path("", include("folkmoot.notifications.urls")),
    path("", include("folkmoot.threads.urls")),
    path("", include("folkmoot.members.urls")),
    path("", include("folkmoot.juries.urls")),
    path("", include("folkmoot.standards.urls")),
    path("", include("folkmoot.hosts.urls")),
    path("", include("folkmoot.panel.urls")),
    path("", include("folkmoot.legal.urls")),
    path("", include("folkmoot.search.urls")),
    path("", include("folkmoot.ledger.urls")),
]
