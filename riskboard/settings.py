"""Everything is read from the environment, or from .env; with neither, local use just works.

.env.example lists every variable with its meaning and default.
"""

import logging
import re
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import environ
from django.core.exceptions import BadRequest, ImproperlyConfigured, PermissionDenied

from riskboard.secret_key import read_or_create

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


def switch(name: str, default: str = "false") -> bool:
    """A variable that is on or off: a typing error must not read as off."""
    text = env.str(name, default=default).strip().lower()
    if text not in {"true", "false", "1", "0", "yes", "no", "on", "off"}:
        raise ImproperlyConfigured(f"{name} must be true or false, not {text!r}.")
    return text in {"true", "1", "yes", "on"}


VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)
DEBUG = switch("DEBUG")
HTTPS = switch("HTTPS")
SECRET_KEY = env.str("SECRET_KEY", default="") or read_or_create(VAR_DIR / "secret_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "riskboard.web",
    "riskboard.web.accounts",
    "riskboard.catalog",
    "riskboard.audit",
    "riskboard.jobs",
    "riskboard.ingest",
    "riskboard.portfolio",
    "scoring",
    "riskboard.web.accounts.admin_config.BoardAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "simple_history",
    "template_partials",
]

MIDDLEWARE = [
    "riskboard.web.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "riskboard.web.api.middleware.ApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "riskboard.web.accounts.middleware.SessionLimitsMiddleware",
    "riskboard.web.accounts.middleware.ReadingMiddleware",
    "riskboard.web.middleware.OneEvidenceVersionMiddleware",
]

ROOT_URLCONF = "riskboard.urls"
WSGI_APPLICATION = "riskboard.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "riskboard.web.context.front_end",
                "riskboard.web.context.reader",
            ],
        },
    },
]

# Database ---------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'riskboard.sqlite3'}")}
_database = DATABASES["default"]
_database["ATOMIC_REQUESTS"] = False
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: without it about half of the writes fail once web and worker write together.
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
elif _database["ENGINE"] == "django.db.backends.postgresql":
    _database["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
    _database["CONN_HEALTH_CHECKS"] = True
else:
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgres://.")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Accounts ---------------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = ["riskboard.web.accounts.backend.RoleBackend"]
# who knows what role an account has, for the log
AUDIT_ROLE_OF = "riskboard.web.access.role_name_of"
LOGIN_URL = "sign_in"
CSRF_FAILURE_VIEW = "riskboard.web.views.errors.csrf_failed"
# Does everybody read, or only who has an account?
ANONYMOUS_READING = switch("ANONYMOUS_READING", default="true")
# Only these may say for whom they ask (X-Forwarded-For): addresses or networks of proxies.
try:
    TRUSTED_PROXIES = [ip_network(text) for text in env.list("TRUSTED_PROXIES", default=[])]
except ValueError as error:
    raise ImproperlyConfigured(f"TRUSTED_PROXIES lists addresses or networks: {error}.") from error
# How often the API answers: an address, and who bears a token.
API_CALLS_A_MINUTE = env.int("API_CALLS_A_MINUTE", default=120)
API_CALLS_A_MINUTE_WITH_TOKEN = env.int("API_CALLS_A_MINUTE_WITH_TOKEN", default=600)
if API_CALLS_A_MINUTE < 1 or API_CALLS_A_MINUTE_WITH_TOKEN < 1:
    raise ImproperlyConfigured("API_CALLS_A_MINUTE and API_CALLS_A_MINUTE_WITH_TOKEN must be 1 or more.")
SESSION_IDLE = timedelta(hours=12)
SESSION_LONGEST = timedelta(days=7)
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Language and time ------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

# Static files -----------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))).resolve()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# Where readers report a mistake: a mail or web address; blank: the repository's issues.
CORRECTIONS_CONTACT = env.str("CORRECTIONS_CONTACT", default="")

# HTTPS: production turns it on, a loopback address cannot have it --------------------------------

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if switch("TRUST_FORWARDED_PROTO"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Queue ------------------------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
if not REDIS_URL.startswith(("redis://", "rediss://", "redis+socket://")):
    raise ImproperlyConfigured("REDIS_URL must begin with redis://, rediss:// or redis+socket://.")
TASK_TIME_LIMIT = 10 * 60
# Which function does which kind of job; what it may take between two calls of renew; the pause after a first failure.
JOB_HANDLERS: dict[str, str] = {
    "poll feed": "riskboard.ingest.tasks.poll_feed",
    "recheck source": "riskboard.ingest.tasks.recheck_source",
}
JOB_LEASE = timedelta(seconds=30)
JOB_RETRY_DELAY = timedelta(seconds=30)
# How long what is done stays listed in the database; dead letters stay until somebody decides about them.
JOB_RETENTION_DAYS = env.int("JOB_RETENTION_DAYS", default=30)
if JOB_RETENTION_DAYS < 2:  # jobs of a day must not be made twice on it
    raise ImproperlyConfigured("JOB_RETENTION_DAYS must be 2 or more.")
JOB_RETENTION = timedelta(days=JOB_RETENTION_DAYS)
# Only messages about jobs travel in these: the sweep counts them. What is periodic has the default queue.
JOB_QUEUES = ("fetch", "work")
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Above the hard limit, or a task still running would be handed out a second time.
    "visibility_timeout": 2 * TASK_TIME_LIMIT,
    "unacked_restore_interval": 1,
}
CELERY_TASK_DEFAULT_QUEUE = "periodic"
# Without a key of its own, a queue would get what is meant for the default one.
CELERY_TASK_QUEUES = {
    name: {"exchange": name, "routing_key": name} for name in (CELERY_TASK_DEFAULT_QUEUE, *JOB_QUEUES)
}
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = TASK_TIME_LIMIT
CELERY_TASK_SOFT_TIME_LIMIT = TASK_TIME_LIMIT - 30
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True

# Fetching ---------------------------------------------------------------------------------------

# Is anything asked for outside at all? A machine without a network turns it off.
INGEST_ENABLED = switch("INGEST_ENABLED", default="true")
# Who we are and how to reach us, e.g. "+https://board.example.org/about; mailto:operator@example.org".
INGEST_USER_AGENT_CONTACT = env.str("INGEST_USER_AGENT_CONTACT", default="")
if not (INGEST_USER_AGENT_CONTACT.isascii() and f"{INGEST_USER_AGENT_CONTACT} ".isprintable()):
    raise ImproperlyConfigured("INGEST_USER_AGENT_CONTACT must be one line of plain ASCII.")
# Addresses inside a private network are refused, except exactly these origins.
ALLOWED_FETCH_ORIGINS = env.list("ALLOWED_FETCH_ORIGINS", default=[])
for _origin in ALLOWED_FETCH_ORIGINS:
    if not re.fullmatch(r"https?://[^/?#@\s]+", _origin):
        raise ImproperlyConfigured(f"ALLOWED_FETCH_ORIGINS holds {_origin!r}: write scheme://host:port and no more.")

# Where each place is read: another address for a mirror. Their tokens are read when they are asked.
HUGGINGFACE_URL = env.str("HUGGINGFACE_URL", default="https://huggingface.co")
GITHUB_URL = env.str("GITHUB_URL", default="https://api.github.com")
OPENROUTER_URL = env.str("OPENROUTER_URL", default="https://openrouter.ai")
HACKER_NEWS_URL = env.str("HACKER_NEWS_URL", default="https://hn.algolia.com")
REDDIT_URL = env.str("REDDIT_URL", default="https://www.reddit.com")
REDDIT_API_URL = env.str("REDDIT_API_URL", default="https://oauth.reddit.com")
BLUESKY_URL = env.str("BLUESKY_URL", default="https://public.api.bsky.app")
GDELT_URL = env.str("GDELT_URL", default="https://api.gdeltproject.org")
SEC_DATA_URL = env.str("SEC_DATA_URL", default="https://data.sec.gov")
SEC_SEARCH_URL = env.str("SEC_SEARCH_URL", default="https://efts.sec.gov")

# How the evidence stays fresh ---------------------------------------------------------------------

# Public keys of those whose evidence releases are installed here; without one, none is.
EVIDENCE_RELEASE_KEYS = env.list("EVIDENCE_RELEASE_KEYS", default=[])
for _key in EVIDENCE_RELEASE_KEYS:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", _key):
        raise ImproperlyConfigured(f"EVIDENCE_RELEASE_KEYS holds {_key!r}: 64 digits from 0 to f, split by commas.")
# So long after the newest evidence, every page says that none arrives.
EVIDENCE_STALE_AFTER_DAYS = env.int("EVIDENCE_STALE_AFTER_DAYS", default=45)
if EVIDENCE_STALE_AFTER_DAYS < 1:
    raise ImproperlyConfigured("EVIDENCE_STALE_AFTER_DAYS must be 1 or more.")

# Decisions --------------------------------------------------------------------------------------

# Who records alone what moves a score this much? Nobody, unless there is only one person; the record says so then.
SECOND_PERSON = not switch("ONE_PERSON")
SECOND_PERSON_SEVERITY = env.int("SECOND_PERSON_SEVERITY", default=4)
SECOND_PERSON_EFFECT = env.float("SECOND_PERSON_EFFECT", default=3.0)

# Logs -------------------------------------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    raise ImproperlyConfigured(f"LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL, not {LOG_LEVEL!r}.")


def say_refusals_in_a_line(record: logging.LogRecord) -> bool:
    """What cannot be read, or is not for who asks, is no failure of ours: a line in the log, not a traceback."""
    if record.exc_info and isinstance(record.exc_info[1], BadRequest | PermissionDenied):
        record.exc_info = None
    return True


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "refusals": {"()": "django.utils.log.CallbackFilter", "callback": say_refusals_in_a_line},
    },
    "formatters": {
        "line": {
            "format": "{asctime} {levelname:<7} {name}: {message}",
            "style": "{",
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {"django": {"handlers": [], "level": LOG_LEVEL, "propagate": True}},
}
