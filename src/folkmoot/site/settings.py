"""Django's settings, all derived from one `Configuration` (see configuration.py and docs/running.md)."""

import sqlite3
from pathlib import Path
from typing import Any

import dj_database_url

from folkmoot.site.configuration import load

CONFIGURATION = load()
DATA = CONFIGURATION.data
MEDIA = DATA / "media"
DEMO = CONFIGURATION.demo
DEBUG = CONFIGURATION.debug
SECRET_KEY = CONFIGURATION.secret_key
PUBLIC_URL = CONFIGURATION.public_url
TRUSTED_PROXIES = CONFIGURATION.trusted_proxies
MAIL_URL = CONFIGURATION.mail_url
SOURCE_URL = CONFIGURATION.source_url or "/source.zip"
BACKUPS = CONFIGURATION.backups
STORED_PAGES = CONFIGURATION.stored_pages
PAGES_A_NETWORK = CONFIGURATION.pages_a_network
DRAND_RELAYS = CONFIGURATION.drand_relays
DRAND_CHAIN = CONFIGURATION.drand_chain
WITNESSES = CONFIGURATION.witnesses
NIGHT_WATCH_AT = CONFIGURATION.night_watch_at
NOTIFY_TOUCHES = bool(CONFIGURATION.database_url) and not CONFIGURATION.stored_pages_exact
IS_SECURE = PUBLIC_URL.startswith("https://")

ALLOWED_HOSTS = ["*"]  # nothing is ever built from the Host header: every absolute address comes from PUBLIC_URL
ROOT_URLCONF = "folkmoot.site.urls"
WSGI_APPLICATION = "folkmoot.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True
APPEND_SLASH = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 400_000  # a post is at most 100 kB; percent-encoded it may be three times that
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "folkmoot.base",
    "folkmoot.ledger",
    "folkmoot.members",
    "folkmoot.stars",
    "folkmoot.forums",
    "folkmoot.threads",
    "folkmoot.standards",
    "folkmoot.juries",
    "folkmoot.panel",
    "folkmoot.hosts",
    "folkmoot.legal",
    "folkmoot.exchange",
    "folkmoot.search",
    "folkmoot.notifications",
    "folkmoot.site",
]

MIDDLEWARE = [
    "folkmoot.site.middleware.cache_control_middleware",  # outermost: it also sees the error pages of those below
    "folkmoot.site.middleware.proxy_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "folkmoot.site.middleware.refusal_middleware",
    "folkmoot.members.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "folkmoot.members.middleware.member_middleware",
    "folkmoot.site.middleware.frame_middleware",
    "folkmoot.site.middleware.load_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOMS = Path(__file__).resolve().parent.parent
_room_folders = [ROOMS / app.split(".")[1] for app in INSTALLED_APPS if app.startswith("folkmoot.")]
FORM_RENDERER = "django.forms.renderers.Jinja2"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [folder / "templates" for folder in _room_folders],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "folkmoot.site.templating.environment",
            "context_processors": ["folkmoot.site.templating.page_context"],
            "trim_blocks": True,
            "lstrip_blocks": True,
            "auto_reload": DEBUG,
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]


def _sqlite(path: Path, commands: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": commands},
        "TEST": {"NAME": str(path)},
    }


def _databases() -> dict[str, dict[str, Any]]:
    if CONFIGURATION.database_url:
        default: dict[str, Any] = dict(
            dj_database_url.parse(CONFIGURATION.database_url, conn_max_age=None, conn_health_checks=True)
        )
        options = default.get("OPTIONS", {})
        # PostgreSQL's JIT was seen to compile for up to a quarter of a second, at each asking, what runs for a millisecond.
        said = f"{options.get('options', '')} -c jit=off".strip()
        return {
            "default": {**default, "OPTIONS": {**options, "options": said}},
            "state": {**default, "OPTIONS": {**options, "options": f"{said} -c search_path=state"}},
        }
    main, state_file = DATA / "folkmoot.sqlite3", DATA / "state.sqlite3"
    if not state_file.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        sqlite3.connect(state_file).execute("PRAGMA journal_mode=WAL")
    return {
        # The main connection sees the state database read-only, so that one join fetches session and member; a
        # read-only attachment never takes state's write lock.
        "default": _sqlite(
            main,
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-2000; PRAGMA mmap_size=268435456;"
            f"ATTACH DATABASE 'file:{state_file}?mode=ro' AS state;",
        ),
        "state": _sqlite(state_file, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"),
    }


DATABASES = _databases()
DATABASE_ROUTERS = ["folkmoot.base.databases.Router"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "throttle"}}

AUTH_USER_MODEL = "members.Member"
SESSION_ENGINE = "folkmoot.members.sessions"
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_AGE = 90 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "form"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "folkmoot.site.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
AUTHENTICATION_BACKENDS = ["folkmoot.members.accounts.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]  # fmt: skip
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
X_FRAME_OPTIONS = "DENY"

ACCOUNT_USER_MODEL_USERNAME_FIELD = "name"
ACCOUNT_ADAPTER = "folkmoot.members.accounts.Adapter"
ACCOUNT_FORMS = {"signup": "folkmoot.members.forms.JoinForm", "login": "folkmoot.members.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "optional" if CONFIGURATION.mail_url else "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_SECURE else "http"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {
    # "ip" is the visitor's network (IPv4 /24, IPv6 /56): see members.accounts.Adapter.get_client_ip
    "signup": f"{CONFIGURATION.joins_a_network}/h/ip",
    "join": f"{CONFIGURATION.joins_an_hour}/h/key",
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reset_password": "20/m/ip,5/m/key",
    "reauthenticate": "10/m/user",
    "confirm_email": "1/3m/key",
    "claim": "10/d/ip",
    "notice": "10/d/ip",
    "private_read": "30/h/user",
    "second_factor": "20/d/key",
}
MFA_ADAPTER = "folkmoot.members.accounts.SecondFactor"
MFA_FORMS = {
    "authenticate": "folkmoot.members.forms.CodeForm",
    "reauthenticate": "folkmoot.members.forms.CodeAgainForm",
    "activate_totp": "folkmoot.members.forms.FirstCodeForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
"""The code before and the one after are taken, too, each once: a clock may be half a minute off."""

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [(folder / "static") for folder in _room_folders if (folder / "static").is_dir()]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False

if CONFIGURATION.mail_url:
    import dj_email_url

    globals().update(dj_email_url.parse(CONFIGURATION.mail_url))
    EMAIL_BACKEND = "folkmoot.site.mail.Outbox"
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(DATA / "mail")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONFIGURATION.mail_from

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"folkmoot": {"level": "INFO"}},
}
