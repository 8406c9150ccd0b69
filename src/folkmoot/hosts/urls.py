"""The addresses of hosts."""

from django.urls import path

from folkmoot.hosts.views import desk, intake, seats, watches

app_name = "hosts"

urlpatterns = [
    path("intake/", intake.intake, name="intake"),
    path("intake/leave/", intake.leave, name="leave"),
    path("intake/<int:revocation_id>/undo/", intake.undo, name="undo"),
    path("members/<str:name>/revoke/", intake.revoke, name="revoke"),
    path("members/<str:name>/dismiss/", intake.dismiss, name="dismiss"),
    path("site/intake-team/", intake.team, name="team"),
    path("forums/<slug:slug>/desk/", desk.desk, name="desk"),
    path("hosts/reasons/<int:reason_id>/drop/", desk.drop_reason, name="drop_reason"),
    path("site/watches/", watches.watches, name="watches"),
    path("site/watches/<int:watch_id>/end/", watches.end_watch, name="end_watch"),
    path("site/night-watch/", watches.night_watch, name="night_watch"),
    path("forums/<slug:slug>/hosts/offer/", seats.offer, name="offer"),
    path("forums/<slug:slug>/block/", seats.block, name="block"),
    path("hosts/blocks/<int:block_id>/lift/", seats.lift, name="lift"),
    path("hosts/seats/<int:seat_id>/", seats.seat, name="seat"),
    path("hosts/seats/<int:seat_id>/resign/", seats.resign, name="resign"),
    path("hosts/seats/<int:seat_id>/remove/", seats.remove, name="remove"),
    path("hosts/seats/<int:seat_id>/recall/", seats.put_forward_recall, name="recall"),
]
