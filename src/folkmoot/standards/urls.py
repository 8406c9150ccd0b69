from django.urls import path

from folkmoot.standards import views

app_name = "standards"

urlpatterns = [
    path("standards/", views.standards, name="standards"),
    path("standards/charter/", views.charter, name="charter"),
]
