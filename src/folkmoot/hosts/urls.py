"""The addresses of hosts."""

from django.urls import path

from folkmoot.hosts import views

app_name = "hosts"

urlpatterns = [
    path("forums/<slug:slug>/hosts/offer/", views.offer, name="offer"),
    path("forums/<slug:slug>/block/", views.block, name="block"),
    path("hosts/blocks/<int:block_id>/lift/", views.lift, name="lift"),
    path("hosts/seats/<int:seat_id>/", views.seat, name="seat"),
    path("hosts/seats/<int:seat_id>/resign/", views.resign, name="resign"),
    path("hosts/seats/<int:seat_id>/remove/", views.remove, name="remove"),
]
