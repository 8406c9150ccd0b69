"""The addresses of notifications."""

from django.urls import path

from folkmoot.notifications import views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/seen/", views.see, name="see"),
    path("notifications/choices/", views.choices, name="choices"),
    path("notifications/followed/", views.followed, name="followed"),
    path("notifications/stop/<str:token>/", views.stop, name="stop"),
    path("threads/<int:thread_id>/follow/", views.follow_thread, name="follow_thread"),
    path("forums/<slug:slug>/follow/", views.follow_forum, name="follow_forum"),
]
