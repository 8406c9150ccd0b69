from django.urls import path

from folkmoot.standards import views

app_name = "standards"

urlpatterns = [
    path("standards/", views.standards, name="standards"),
    path("standards/charter/", views.charter, name="charter"),
    path("standards/drafts/", views.drafts, name="drafts"),
    path("standards/drafts/new/", views.new_draft, name="new_draft"),
    path("standards/drafts/<int:draft_id>/", views.draft, name="draft"),
    path("standards/drafts/<int:draft_id>/second/", views.second, name="second"),
    path("standards/drafts/<int:draft_id>/unsecond/", views.unsecond, name="unsecond"),
    path("standards/drafts/<int:draft_id>/withdraw/", views.withdraw, name="withdraw"),
    path("standards/drafts/<int:draft_id>/vote/", views.vote, name="vote"),
    path("standards/drafts/<int:draft_id>/receipt/", views.receipt, name="receipt"),
    path("standards/drafts/<int:draft_id>/ballots.json", views.ballots, name="ballots"),
    path("standards/elections/<int:election_id>/", views.election, name="election"),
    path("standards/elections/<int:election_id>/vote/", views.elect, name="elect"),
    path("standards/elections/<int:election_id>/receipts/", views.receipts, name="receipts"),
]
