"""The addresses of accounts. allauth's own names are kept, because its views look for them."""

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import include, path, re_path

from folkmoot.members import views

members_patterns = (
    [
        path("account/", views.account, name="account"),
        path("account/reads/seen/", views.see_reads, name="see_reads"),
        path("account/notices/seen/", views.see_notices, name="see_notices"),
        path("account/claims/<str:secret>/", views.claim, name="claim"),
        path("members/<str:name>/claim/", views.begin_claim, name="begin_claim"),
        path("account/link/<str:uid>/<str:token>/", views.one_time, name="one_time"),
    ],
    "members",
)

urlpatterns = [
    path("", include(members_patterns)),
    path("join/", views.join, name="account_signup"),
    path("sign-in/", allauth.login, name="account_login"),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("account/again/", allauth.reauthenticate, name="account_reauthenticate"),
    path("account/closed/", allauth.account_inactive, name="account_inactive"),
    path("account/mail/", allauth.email, name="account_email"),
    path("account/mail/sent/", allauth.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^account/mail/(?P<key>[-:\w]+)/$", allauth.confirm_email, name="account_confirm_email"),
    path("account/password/", allauth.password_change, name="account_change_password"),
    path("account/password/set/", allauth.password_set, name="account_set_password"),
    path("account/forgotten/", allauth.password_reset, name="account_reset_password"),
    path("account/forgotten/sent/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key, name="account_reset_password_from_key",
    ),
    path("sign-in/code/", mfa.authenticate, name="mfa_authenticate"),
    path("account/again/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/second-step/", mfa.index, name="mfa_index"),
    path("account/second-step/on/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-step/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-step/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-step/codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/forgotten/done/", allauth.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]  # fmt: skip
