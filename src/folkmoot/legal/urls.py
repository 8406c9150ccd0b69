"""The addresses of what the law asks for."""

from django.urls import path

from folkmoot.legal import views

app_name = "legal"
urlpatterns = [
    path("legal/", views.legal, name="legal"),
    path("legal/notice/", views.notice, name="notice"),
    path("legal/notices/<str:secret>/", views.told, name="told"),
    path("posts/<int:post_id>/removed/", views.removed, name="removed"),
    path("posts/<int:post_id>/remove/", views.remove, name="remove"),
    path("site/notices/", views.notices, name="notices"),
    path("site/notices/<int:notice_id>/", views.decide, name="decide"),
    path("site/counters/<int:removal_id>/", views.answer, name="answer"),
]
