"""Settings of the web application. Everything that differs between two installations comes from the environment.

``ONEFLOOR_FLOOR``            the floor's folder; what the web keeps beside it lies in ``web/`` inside
``DATABASE_URL``              PostgreSQL as the role of the application, which cannot bypass row-level security
``DATABASE_OWNER_URL``        PostgreSQL as the role that owns the tables; only migrations use it
``ONEFLOOR_SECRET_KEY_FILE``  a file with the key that signs sessions; made on the first start
``ONEFLOOR_HOSTS``            names the server answers to, separated by commas
``ONEFLOOR_TLS``              1 behind a proxy that speaks TLS: secure cookies, strict transport security
``ONEFLOOR_DEMO``             1 for the demonstration: one-click sign-in. Never with real data
``ONEFLOOR_SIGN_ON``          a TOML file with the companies' own sign-on (OpenID Connect), see docs/how-to/deploy
``ONEFLOOR_SITE``             the address people reach the site at, for links in mails: https://floor.example
``ONEFLOOR_MAIL``             the mail server: smtp://user:password@host:587 (STARTTLS) or smtps://; without it, files
``ONEFLOOR_MAIL_FROM``        the sender of mails
``ONEFLOOR_WEBHOOK_NETWORKS`` inner networks that webhooks may reach, separated by commas: 10.1.0.0/16
``ONEFLOOR_TIMING``           1 tells in a header of every answer what it cost, see ``serving/timing``
``ONEFLOOR_DEBUG``            1 shows the source where something fails. Never with real data
"""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from onefloor_web.database.url import connection
from onefloor_web.mail import mail_settings
from onefloor_web.platform.accounts.sign_on import apps_of, origins, read, settings_of

PACKAGE = Path(__file__).resolve().parent
FLOOR = Path(os.environ.get("ONEFLOOR_FLOOR", "floor")).resolve()
STATE = FLOOR / "web"
DEMO = os.environ.get("ONEFLOOR_DEMO") == "1"
DEBUG = os.environ.get("ONEFLOOR_DEBUG") == "1"
TIMING = os.environ.get("ONEFLOOR_TIMING") == "1"
TLS = os.environ.get("ONEFLOOR_TLS") == "1"
SIGN_ON = read(os.environ.get("ONEFLOOR_SIGN_ON"))
SCAN_COMMAND = os.environ.get("ONEFLOOR_SCAN_COMMAND", "")  # looks at each attached file; see platform/uploads/scanning


def _secret_key() -> str:
    file = os.environ.get("ONEFLOOR_SECRET_KEY_FILE")
    return Path(file).read_text(encoding="ascii").strip() if file else ""


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = [name for name in os.environ.get("ONEFLOOR_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if name]
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in ALLOWED_HOSTS] if TLS else []

# "owner" is only for migrations: the application's own role can neither change a table nor switch its policies off.
DATABASES = {"default": connection(os.environ.get("DATABASE_URL"), pool=os.environ.get("ONEFLOOR_POOL") == "1")}
if owner := os.environ.get("DATABASE_OWNER_URL"):
    DATABASES["owner"] = connection(owner)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    *apps_of(SIGN_ON),
    "allauth.usersessions",
    "csp",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    # the platform, lowest first
    "onefloor_web.platform.tenancy",
    "onefloor_web.platform.permissions",
    "onefloor_web.platform.rest",
    "onefloor_web.platform.pages",
    "onefloor_web.platform.spreadsheets",
    "onefloor_web.platform.search",
    "onefloor_web.platform.companies",
    "onefloor_web.platform.accounts",
    "onefloor_web.platform.demo",
    "onefloor_web.platform.api",
    "onefloor_web.platform.jobs",
    "onefloor_web.platform.uploads",
    "onefloor_web.platform.events",
    "onefloor_web.platform.audit",
    "onefloor_web.platform.privacy",
    "onefloor_web.platform.today",
    "onefloor_web.platform.notifications",
    "onefloor_web.platform.calendars",
    # the records
    "onefloor_web.records.figures",
    "onefloor_web.records.imports",
    "onefloor_web.records.contacts",
    "onefloor_web.records.delivery",
    "onefloor_web.records.demo",
    "onefloor_web.records.scorecards",
    "onefloor_web.records.metrics",
    "onefloor_web.records.preparing",
    "onefloor_web.records.rosters",
    # agreements
    "onefloor_web.agreements.signatures",
    "onefloor_web.agreements.register",
    "onefloor_web.agreements.duties",
    "onefloor_web.agreements.forecasts",
    "onefloor_web.agreements.exclusions",
    "onefloor_web.agreements.drafts",
    "onefloor_web.agreements.demo",
    # trust
    "onefloor_web.trust.requests",
    "onefloor_web.trust.demo",
    # settlement
    "onefloor_web.settlement.statements",
    "onefloor_web.settlement.what_ifs",
    "onefloor_web.settlement.demo",
    "onefloor_web.settlement.disputes",
]

MIDDLEWARE = [
    *(["onefloor_web.serving.timing.TimingMiddleware"] if TIMING else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "onefloor_web.platform.tenancy.middleware.TransactionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "onefloor_web.platform.accounts.middleware.ViewerMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "onefloor_web.platform.api.middleware.ApiMiddleware",
    "onefloor_web.platform.accounts.middleware.SecondFactorMiddleware",
    "onefloor_web.platform.permissions.middleware.PolicyMiddleware",
]

ROOT_URLCONF = "onefloor_web.urls"
WSGI_APPLICATION = "onefloor_web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "platform/accounts/sign_in"],  # before allauth's own
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "onefloor_web.platform.pages.context.page",
            ],
        },
    }
]

# Accounts
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_REDIRECT_URL = "/today/"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "onefloor_web.platform.accounts.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]  # nobody signs up; allauth wants them named
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator says which address is whose
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True  # as long as SESSION_COOKIE_AGE
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if TLS else "http"
# A site of hundreds often shares one address, so that limit is wide; the one of each name is narrow.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "100/10m/ip,5/15m/key"}
ACCOUNT_FORMS = {
    "login": "onefloor_web.platform.accounts.sign_in_forms.SignIn",
    "reauthenticate": "onefloor_web.platform.accounts.sign_in_forms.Confirm",
    "change_password": "onefloor_web.platform.accounts.sign_in_forms.ChangePassword",
    "reset_password": "onefloor_web.platform.accounts.sign_in_forms.ForgottenPassword",
    "reset_password_from_key": "onefloor_web.platform.accounts.sign_in_forms.NewPassword",
}
MFA_ADAPTER = "onefloor_web.platform.accounts.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Onefloor"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "onefloor_web.platform.accounts.sign_in_forms.SecondFactor",
    "reauthenticate": "onefloor_web.platform.accounts.sign_in_forms.SecondFactorAgain",
    "activate_totp": "onefloor_web.platform.accounts.sign_in_forms.ActivateApp",
}
SOCIALACCOUNT_ADAPTER = "onefloor_web.platform.accounts.adapters.CompanySignOn"
SOCIALACCOUNT_PROVIDERS = settings_of(SIGN_ON)
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if TLS else 0
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
SESSION_COOKIE_AGE = 12 * 3600  # a shift and its hand-over
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # company sign-on returns by a redirect from another site
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "onefloor_web.platform.pages.errors.csrf_refused"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_NAME = "__Host-session" if TLS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else "csrf"

# Mail and webhooks
SITE = os.environ.get("ONEFLOOR_SITE", "")
vars().update(mail_settings(os.environ.get("ONEFLOOR_MAIL"), STATE / "mail"))
DEFAULT_FROM_EMAIL = os.environ.get("ONEFLOOR_MAIL_FROM", "onefloor@localhost")
WEBHOOK_NETWORKS = os.environ.get("ONEFLOOR_WEBHOOK_NETWORKS", "").split(",")

# Languages and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # each request activates the floor's own zone
FIRST_DAY_OF_WEEK = 1

# Files
STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
MEDIA_ROOT = STATE / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FORM_RENDERER = "onefloor_web.platform.pages.forms.Renderer"
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/onefloor/.+-[0-9A-Z]{8}\.\w+$"
WHITENOISE_USE_FINDERS = True  # the built files carry a digest in their names already
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 << 20  # forms; files are streamed to disk and limited by their own view

# Security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TLS:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "style-src-elem": [SELF, NONCE],
        "style-src-attr": ["'unsafe-inline'"],  # charts size their boxes by attribute
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, *origins(SIGN_ON)],
    }
}

# The API: a token or user may ask so often; an address may be wrong so often
API_REQUESTS_A_MINUTE = 600
API_FAILURES_IN_FIVE_MINUTES = 20

# Audit: who and why travel inside each history row, so that no shared table of contexts has to be guarded
PGHISTORY_CONTEXT_FIELD = "pghistory.ContextJSONField"
PGHISTORY_APPEND_ONLY = True

SILENCED_SYSTEM_CHECKS: list[str] = []
