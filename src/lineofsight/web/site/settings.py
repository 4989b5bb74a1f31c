"""Settings. Nothing here is secret: what is comes from the home's keyring or the environment."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from lineofsight.home import MARKER, default_path, open_home
from lineofsight.keys import open_keys
from lineofsight.web.access.identity.council import council_account
from lineofsight.web.site import databases

HERE = Path(__file__).resolve().parent

# The tools that only read the code (type checker, migrations) work without a home; a server never starts so.
_HOME = open_home() if (default_path() / MARKER).exists() else None

DEBUG = False
SECRET_KEY = open_keys(_HOME).digest("session", b"django") if _HOME else secrets.token_hex(32)
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [*filter(None, os.environ.get("LINEOFSIGHT_HOSTS", "").split(",")), *LOOPBACK]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host not in LOOPBACK]

ROOT_URLCONF = "lineofsight.web.site.urls"
WSGI_APPLICATION = "lineofsight.web.site.wsgi.application"
INSTALLED_APPS = [
    # First, so that our field templates come before Django's.
    "lineofsight.web.site",
    "lineofsight.web.reports",
    "lineofsight.web.practice",
    "lineofsight.web.commitments",
    "lineofsight.web.data",
    "lineofsight.web.improvement",
    "lineofsight.web.evidence",
    "lineofsight.web.access",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "lineofsight.web.site.middleware.headers",
    "lineofsight.web.site.bodies.plain_text",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "lineofsight.web.site.middleware.session_times",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lineofsight.web.site.middleware.SecondFactor",
    "lineofsight.web.site.middleware.PlainAnswers",
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": (
        databases.postgresql(os.environ["LINEOFSIGHT_DATABASE_URL"])
        if os.environ.get("LINEOFSIGHT_DATABASE_URL")
        else databases.sqlite(_HOME.database if _HOME else ":memory:")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- who signs in, and for how long ---------------------------------------------------------------------
AUTH_USER_MODEL = "access.Person"
LOGIN_URL = "access:sign-in"
LOGIN_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "lineofsight.web.access.identity.passwords.NotCommon"},
    {"NAME": "lineofsight.web.access.identity.passwords.NotOfTheHouse"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
]
# allauth keeps the second factors and speaks with the council's directory; its own pages are not mounted, nobody
# signs up, it sends no mail, and its counting of failures is off (the audit chain counts them: docs/adr/0005).
ACCOUNT_ADAPTER = "lineofsight.web.access.identity.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "lineofsight.web.access.identity.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODE_DIGITS = 10
SOCIALACCOUNT_ADAPTER = "lineofsight.web.access.identity.adapters.CouncilAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
COUNCIL_ACCOUNT = council_account(os.environ)

SESSION_IDLE_MINUTES = 30
SESSION_LONGEST_HOURS = 12
CONFIRMED_MINUTES = 15
SESSION_ENGINE = "lineofsight.web.access.identity.store"
SESSION_COOKIE_AGE = SESSION_LONGEST_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# A demonstration is served on the machine itself, without TLS, and holds nobody real. Everything else has TLS.
WITH_TLS = not (_HOME and _HOME.demo)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = WITH_TLS
# With this prefix a browser keeps a cookie only where it came over TLS, for this very host and all its paths.
PREFIX = "__Host-" if WITH_TLS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{PREFIX}session", f"{PREFIX}csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "lineofsight.web.site.errors.form_expired"

# --- what is sent: a form of text, of a page's length; a file to one address alone (bodies.py) ----------
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 120  # one for each table there is, and some
UPLOAD_MOST_BYTES = 200 * 1024**2  # of one sending, all its files together
# Where files are taken they are sealed as they come (data/uploads.py); no other handler may write one to a disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# --- headers --------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if WITH_TLS else 0
# Names below this host's own, which stand for nothing else unless the application is served at a council's bare name:
# there, 0 leaves the others alone. Never on a browser's own list (preload): that binds a whole domain for years.
SECURE_HSTS_INCLUDE_SUBDOMAINS = WITH_TLS and os.environ.get("LINEOFSIGHT_HSTS_SUBDOMAINS", "1") != "0"
SECURE_HSTS_PRELOAD = False
# Set where a proxy on the same machine ends TLS and always sets this header, and X-Forwarded-For, itself.
BEHIND_PROXY = os.environ.get("LINEOFSIGHT_BEHIND_TLS_PROXY") == "1"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- pages ----------------------------------------------------------------------------------------------
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "lineofsight.web.site.context.house",
                "lineofsight.web.site.context.who",
                "lineofsight.web.site.context.freshness",
            ],
            "builtins": ["lineofsight.web.site.templatetags.los"],
        },
    }
]
FORM_RENDERER = "lineofsight.web.site.rendering.GovukRenderer"
LANGUAGE_CODE = "en-gb"
USE_I18N = False
TIME_ZONE = "Europe/London"
USE_TZ = True
APPEND_SLASH = True

# Every address of a static file carries its content's hash, so it may be kept for a year.
STATIC_URL = "/static/"
STATIC_ROOT = None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "lineofsight.web.site.static_files.HashedAddresses"},
}
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 31_536_000

# --- letters: none is sent unless this installation is given a mail server ------------------------------
EMAIL_HOST = os.environ.get("LINEOFSIGHT_EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("LINEOFSIGHT_EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("LINEOFSIGHT_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("LINEOFSIGHT_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = True
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("LINEOFSIGHT_EMAIL_FROM", "line-of-sight@localhost")

# --- what is logged: that something went wrong and where in the code, never a word of anybody's data ----
# "json": one JSON object a line, for a log processor.
LOG_FORM = "json" if os.environ.get("LINEOFSIGHT_LOG_FORMAT") == "json" else "plain"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "lineofsight.web.site.logs.NoPersonalData"},
        "json": {"()": "lineofsight.web.site.logs.JsonLines"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORM}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        name: {"handlers": ["stderr"], "level": "WARNING", "propagate": False} for name in ("django", "gunicorn.error")
    },
}
