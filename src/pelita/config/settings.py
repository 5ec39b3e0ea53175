"""Django settings. Everything that differs between installations comes from the environment (env.py)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from pelita.config import env

PACKAGE = Path(__file__).resolve().parent.parent


def database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a postgresql:// address; a socket directory may stand in ?host=."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "pelita.config.backend",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "pelita", "connect_timeout": 5, **query},
        "TEST": {"NAME": env.text("PELITA_TEST_DATABASE", "test_pelita")},
    }


DATABASE_URL = env.text("DATABASE_URL", "postgresql://postgres@localhost/pelita")
DATABASES = {"default": database(DATABASE_URL)}
POOL_SIZE = int(env.number("PELITA_POOL_SIZE", 8))
if POOL_SIZE:
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": POOL_SIZE, "timeout": 10}
    # config/backend looks at pooled connections in its own way.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False

# A development key keeps `pelita manage` and the type checker usable; `serve` and `work` refuse it.
INSECURE_KEY = "insecure-development-key-never-used-by-up-or-serve-0123456789"
SECRET_KEY = env.text("PELITA_SECRET_KEY", INSECURE_KEY)
FIELD_KEYS = env.listing("PELITA_FIELD_KEYS")
DEBUG = False
DATA = Path(env.text("PELITA_DATA", "."))
ALLOWED_HOSTS = env.listing("PELITA_HOSTS", "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = env.listing("PELITA_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "axes",
    "csp",
    "procrastinate.contrib.django",
    "pelita.offices",
    "pelita.journal",
    "pelita.whatsapp",
    "pelita.push",
    "pelita.catalog",
    "pelita.desk",
    "pelita.assistant",
    "pelita.news",
    "pelita.web",
]
MIDDLEWARE = [
    "pelita.web.compressing.CompressMiddleware",
    "pelita.web.charset.CharsetMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pelita.web.middleware.OfficerMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "pelita.config.urls"
ASGI_APPLICATION = "pelita.config.asgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pelita.web.context.shell",
            ],
        },
    }
]

AUTH_USER_MODEL = "offices.Officer"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "pelita.offices.backend.OfficerBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "masuk"
LOGIN_REDIRECT_URL = "meja"
LOGOUT_REDIRECT_URL = "masuk"

# Lock-out counts the pair of login name and address, so that a stranger cannot lock an officer out from afar.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "web/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True

SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "pelita"
CSRF_COOKIE_NAME = "pelita_csrf"
CSRF_FAILURE_VIEW = "pelita.web.views.errors.csrf"
HTTPS = env.flag("PELITA_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesia")), ("en", _("Inggris"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

# Where the internet reaches this installation: Meta posts to PUBLIC_URL + /webhooks/whatsapp.
PUBLIC_URL = env.text("PELITA_PUBLIC_URL", f"http://127.0.0.1:{int(env.number('PELITA_PORT', 8000))}").rstrip("/")

# The wire (whatsapp). Times in seconds, sizes in bytes.
WEBHOOK_MAX_BYTES = 4 * 1024 * 1024
SEND_TIMEOUT = env.number("PELITA_SEND_TIMEOUT", 10)
# An outgoing message that may or may not have been accepted waits this long for a status that settles it.
SETTLE_AFTER = env.number("PELITA_SETTLE_AFTER", 45)

# Web push. Without a key there is none; `up` makes one. Tests alone push to this machine itself.
PUSH_KEY = env.text("PELITA_PUSH_KEY", "")
PUSH_HOSTS = env.listing("PELITA_PUSH_HOSTS")
PUSH_CONTACT = env.text("PELITA_PUSH_CONTACT", "")
PUSH_TIMEOUT = env.number("PELITA_PUSH_TIMEOUT", 10)
PUSH_LOOPBACK = False

# Files of messages lie in DATA/media, or in a bucket that speaks S3 when one is named.
MEDIA_BUCKET = env.text("PELITA_MEDIA_BUCKET", "")
MEDIA_ENDPOINT = env.text("PELITA_MEDIA_ENDPOINT", "")
MEDIA_REGION = env.text("PELITA_MEDIA_REGION", "")
MEDIA_KEY_ID = env.text("PELITA_MEDIA_KEY_ID", "")
MEDIA_SECRET = env.text("PELITA_MEDIA_SECRET", "")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS = ["pelita.config.jobs"]

# Log lines hold what happened and to which id; never a NIK, a phone number or a message.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("PELITA_LOG_LEVEL", "INFO")},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "axes": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
    },
}
