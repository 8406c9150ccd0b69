"""The addresses of the review panel."""

from django.urls import path

from folkmoot.panel import views

app_name = "panel"

urlpatterns = [
    path("panel/", views.panel, name="panel"),
    path("panel/stand/<int:election_id>/", views.stand, name="stand"),
    path("panel/leave/", views.leave, name="leave"),
    path("panel/review/", views.ask, name="ask"),
    path("panel/reviews/<int:review_id>/", views.review, name="review"),
]
