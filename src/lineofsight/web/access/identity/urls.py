"""Addresses: signing in: who is this, and is it still them?"""

from django.urls import path

from lineofsight.web.access.identity import account, people, views

urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-in/code", views.sign_in_code, name="sign-in-code"),
    path("sign-in/passkey", views.sign_in_passkey, name="sign-in-passkey"),
    path("sign-in/entra/", views.sign_in_entra, name="sign-in-entra"),
    path("sign-in/entra/return", views.sign_in_entra_return, name="sign-in-entra-return"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("demo/sign-in", views.demo_sign_in, name="demo-sign-in"),
    path("access/choose/", views.choose_office, name="choose-office"),
    path("account/", account.page, name="account"),
    path("account/confirm/", account.confirm, name="account-confirm"),
    path("account/password/", account.password, name="account-password"),
    path("account/second-factor/", account.second_factor, name="account-second-factor"),
    path("account/second-factor/app/", account.add_app, name="account-add-app"),
    path("account/second-factor/passkey/", account.add_passkey, name="account-add-passkey"),
    path("account/second-factor/<int:factor_id>/remove/", account.remove_factor, name="account-remove-factor"),
    path("account/recovery-codes/", account.recovery_codes, name="account-recovery-codes"),
    path("account/council-account/remove/", account.remove_council_account, name="account-remove-council-account"),
    path("account/sessions/end/", account.end_sessions, name="account-end-sessions"),
    path("account/notices/read/", account.read_notices, name="account-read-notices"),
    path("password/<str:secret>/", people.choose_password, name="choose-password"),
    path("access/people/<slug:key>/", people.person, name="person"),
    path("access/people/<slug:key>/sessions/end/", people.end_sessions, name="person-end-sessions"),
    path(
        "access/people/<slug:key>/second-factor/<int:factor_id>/remove/",
        people.take_factor_away,
        name="person-take-factor-away",
    ),
    path("access/people/<slug:key>/password-link/", people.give_link, name="person-give-link"),
    path("access/people/<slug:key>/password-link/take-back/", people.take_link_back, name="person-take-link-back"),
]
