"""Settings of an installation, all from the environment; docs/guide/settings.md lists every one."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from parcours.core.environment import data_folder, database_from_url, env_bool, env_int, env_list, env_str
from parcours.core.installation import secret_key
from parcours.core.postgres import database_settings

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent
DATA = data_folder()

DEBUG = env_bool("PARCOURS_DEBUG", default=False)
SECRET_KEY = env_str("PARCOURS_SECRET_KEY") or secret_key(DATA)
PUBLIC_URL = env_str("PARCOURS_URL").rstrip("/")
SERVED_AT = env_str("PARCOURS_SERVED_AT", "http://127.0.0.1:8000")  # links in mails, without a public address
ALLOWED_HOSTS = env_list(
    "PARCOURS_HOSTS", ["localhost", "127.0.0.1", "[::1]", *filter(None, [urlsplit(PUBLIC_URL).hostname])]
)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("PARCOURS_BEHIND_PROXY", default=False) else None
)
_https = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "parcours_session"
SESSION_ENGINE = "parcours.web.sessions"
CSRF_COOKIE_NAME = "parcours_csrf"
SECURE_HSTS_SECONDS = env_int("PARCOURS_HSTS_SECONDS", 31_536_000) if _https else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "parcours.core",
    "parcours.accounts",
    "parcours.journal",
    "parcours.live",
    "parcours.notices",
    "parcours.customers",
    "parcours.events",
    "parcours.canvas",
    "parcours.inbox",
    "parcours.insights",
    "parcours.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "parcours.web.static_files.StaticFiles",
    "parcours.web.security.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "parcours.web.language.PersonLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "parcours.web.faults.ReadableFaults",
]

ROOT_URLCONF = "parcours.urls"
ASGI_APPLICATION = "parcours.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": sorted(PACKAGE.glob("web/*/templates")),
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "parcours.web.frame.context.frame",
            ],
        },
    }
]
if DEBUG:
    TEMPLATES[0]["OPTIONS"]["loaders"] = TEMPLATES[0]["OPTIONS"]["loaders"][0][1]

_named = (
    database_from_url(os.environ["DATABASE_URL"])
    if os.environ.get("DATABASE_URL")
    else database_settings(DATA)
)
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **_named,
        "OPTIONS": {
            **_named.get("OPTIONS", {}),  # type: ignore[dict-item]
            "pool": {"min_size": 1, "max_size": env_int("PARCOURS_DATABASE_CONNECTIONS", 12), "timeout": 10},
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "parcours.web.people.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "parcours.web.people.sign_in.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Parcours"
MFA_TOTP_TOLERANCE = 1  # a code of the half minute before or after counts too: clocks differ, people type

LANGUAGE_CODE = env_str("PARCOURS_LANGUAGE", "en")
FORMAT_MODULE_PATH = ["parcours.web.formats"]
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [ROOT / "locale", PACKAGE / "locale"]  # in a checkout, and in an installed package
LANGUAGE_COOKIE_NAME = "parcours_language"
TIME_ZONE = "UTC"
USE_TZ = True

# Hosts and networks that addresses typed by people may lead to although they are private.
PRIVATE_ADDRESSES = env_list("PARCOURS_PRIVATE_ADDRESSES", [])
GRAPH_URL = env_str("PARCOURS_GRAPH_URL", "https://graph.facebook.com/v24.0")
TELEGRAM_URL = env_str("PARCOURS_TELEGRAM_URL", "https://api.telegram.org")
TWILIO_URL = env_str("PARCOURS_TWILIO_URL", "https://api.twilio.com")
RESEND_URL = env_str("PARCOURS_RESEND_URL", "https://api.resend.com")
BREVO_URL = env_str("PARCOURS_BREVO_URL", "https://api.brevo.com/v3")

# The browser that photographs key moments, when it isn't on the path.
CHROMIUM = env_str("PARCOURS_CHROMIUM")
CHROMIUM_SANDBOX = env_bool("PARCOURS_CHROMIUM_SANDBOX", default=True)
SERVED_AT = env_str("PARCOURS_SERVED_AT")  # told by `parcours serve` to what it starts

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
SERVESTATIC_USE_FINDERS = True
SERVESTATIC_AUTOREFRESH = DEBUG
MEDIA_ROOT = DATA / "media"
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if env_str("PARCOURS_SMTP_HOST")
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = env_str("PARCOURS_SMTP_HOST")
EMAIL_PORT = env_int("PARCOURS_SMTP_PORT", 587)
EMAIL_HOST_USER = env_str("PARCOURS_SMTP_USER")
EMAIL_HOST_PASSWORD = env_str("PARCOURS_SMTP_PASSWORD")
EMAIL_USE_TLS = env_bool("PARCOURS_SMTP_TLS", default=True)
DEFAULT_FROM_EMAIL = env_str("PARCOURS_MAIL_FROM", "Parcours <parcours@localhost>")

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_str("PARCOURS_LOG_LEVEL", "WARNING")},
    "loggers": {
        "parcours": {"level": env_str("PARCOURS_LOG_LEVEL", "INFO")},
        "psycopg.pool": {"level": "ERROR"},  # every try to connect; whoever waited for it tells what failed
    },
}
