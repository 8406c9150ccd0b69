"""The addresses of juries."""

from django.urls import path, re_path

from folkmoot.juries import views

app_name = "juries"
urlpatterns = [
    path("posts/<int:post_id>/alert/", views.alert, name="alert"),
    path("posts/<int:post_id>/case/", views.case_of_post, name="case_of_post"),
    path("ledger/<int:act_id>/jury/", views.send, name="send"),
    path("juries/", views.juries, name="juries"),
    path("juries/figures/", views.figures, name="figures"),
    path("juries/figures.csv", views.figures_csv, name="figures_csv"),
    path("juries/mine/", views.mine, name="mine"),
    path("juries/willing/", views.willing, name="willing"),
    path("juries/block/", views.block, name="block"),
    path("juries/verify_draw.py", views.verifier, name="verifier"),
    re_path(r"^juries/(?P<case_id>[0-9]+)/(?P<kind>first|again|appeal)\.json$", views.bundle, name="bundle"),
    path("juries/<int:case_id>/", views.case, name="case"),
    path("juries/<int:case_id>/appeal/", views.appeal, name="appeal"),
    path("juries/serve/<int:jury_id>/", views.serve, name="serve"),
    path("juries/serve/<int:jury_id>/answer/", views.answer, name="answer"),
    path("juries/serve/<int:jury_id>/leave/", views.leave, name="leave"),
    path("juries/serve/<int:jury_id>/vote/", views.vote, name="vote"),
]
