from django.urls import path, re_path

from folkmoot.ledger import views

app_name = "ledger"

urlpatterns = [
    path("ledger/checkpoint", views.checkpoint, name="checkpoint"),
    path("ledger/cosignatures", views.cosignature, name="cosignature"),
    re_path(r"^ledger/(?P<path>tile/[0-9a-z./]{1,80})$", views.tile, name="tile"),
    path("ledger/<int:act_id>/proof.json", views.proof, name="proof"),
    path("ledger/consistency.json", views.consistency, name="consistency"),
]
