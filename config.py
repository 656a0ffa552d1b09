"""Typed settings of one instance, read once from the environment.

`Settings.from_env()` is the only place that reads environment variables. Production refuses to
start on anything unsafe: `Settings.problems()` names each fault in one line that says what to set.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Literal, cast, get_args

Environment = Literal["development", "test", "production"]
Durability = Literal["page", "100ms", "group"]

ROOT = Path(__file__).resolve().parent
MINIMUM_SECRET_LENGTH = 32


class ConfigurationError(RuntimeError):
    """The settings cannot be used; the message says what to set, one line a fault."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that may differ between two instances.

    Times are in the unit that the name says; money settings are plain numbers (percent, days).
    """

    env: Environment = "development"
    home: Path = ROOT / "instance"
    debug: bool = False

    # Services
    database_url: str = ""
    redis_url: str = ""
    cache_url: str = ""
    files_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    web_threads: int = 12
    public_url: str = ""
    frontend_dist: Path = ROOT / "frontend" / "dist"

    # Secrets
    secret_key: str = ""
    encryption_keys: tuple[str, ...] = ()
    metrics_token: str = ""

    # Trust
    trusted_hosts: tuple[str, ...] = ()
    trusted_proxies: int | None = None
    cookie_secure: bool = False
    egress_hosts: tuple[str, ...] = ()
    # Whether sponsors show that the domains of their links are theirs, and whom DNS asks for it
    domain_checks: bool = False
    dns_servers: tuple[str, ...] = ()
    limiter_storage_url: str = ""
    rate_limits: bool = True
    public_reads_per_minute: int = 300

    # Mail
    smtp_url: str = ""
    mail_from: str = "Accord <no-reply@localhost>"
    dev_mailbox: bool = True

    # How a click is kept before its reply: written (page), soon on disk (100ms), on disk (group)
    click_durability: Durability = "100ms"

    # Payment gateways: Stripe is in use with both of its secrets, manual with bank details
    sandbox_gateway: bool = True
    stripe_secret_key: str = ""
    stripe_webhook_secrets: tuple[str, ...] = ()
    stripe_api_base: str = ""
    manual_bank_details: tuple[tuple[str, str], ...] = ()
    # A folder of further fonts for PDFs, for scripts that the built-in ones lack
    paper_fonts: str = ""
    issuer_name: str = ""
    issuer_address: str = ""
    issuer_tax_id: str = ""

    # Sign-in
    require_email_verification: bool = False
    require_admin_totp: bool = False
    demo_accounts: bool = True
    access_token_minutes: int = 10
    refresh_token_days: int = 30

    # Tests only: the point of `app/core/faults.py` at which a process dies
    fault: str = ""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Settings of this process.

        Raises ConfigurationError where a value cannot be read or, in production, is unsafe.
        """
        env = _environment(environ.get("ACCORD_ENV", "development"))
        production = env == "production"
        home = Path(environ.get("ACCORD_HOME", str(ROOT / "instance"))).resolve()
        host = environ.get("HOST", "127.0.0.1")
        port = _integer(environ, "PORT", 8000)
        redis_url = environ.get("REDIS_URL", f"unix://{home / 'run' / 'valkey.sock'}")
        settings = cls(
            env=env,
            home=home,
            debug=_flag(environ, "ACCORD_DEBUG", False),
            database_url=environ.get("DATABASE_URL", f"sqlite:///{home / 'accord.db'}"),
            redis_url=redis_url,
            cache_url=environ.get("CACHE_URL", redis_url),
            files_url=environ.get("FILES_URL", f"file://{home / 'files'}"),
            host=host,
            port=port,
            web_threads=_integer(environ, "WEB_THREADS", 12),
            public_url=environ.get("PUBLIC_URL", f"http://{host}:{port}").rstrip("/"),
            frontend_dist=Path(
                environ.get("FRONTEND_DIST", str(ROOT / "frontend" / "dist"))
            ).resolve(),
            secret_key=environ.get("SECRET_KEY", ""),
            encryption_keys=_words(environ, "ENCRYPTION_KEYS"),
            metrics_token=environ.get("METRICS_TOKEN", ""),
            trusted_hosts=_words(environ, "TRUSTED_HOSTS"),
            trusted_proxies=(
                _integer(environ, "TRUSTED_PROXIES", 0) if "TRUSTED_PROXIES" in environ else None
            ),
            cookie_secure=_flag(environ, "COOKIE_SECURE", production),
            egress_hosts=_words(environ, "EGRESS_HOSTS"),
            domain_checks=_flag(environ, "DOMAIN_CHECKS", production),
            dns_servers=_words(environ, "DNS_SERVERS"),
            click_durability=_durability(environ, "CLICK_DURABILITY"),
            limiter_storage_url=environ.get("LIMITER_STORAGE_URL", limiter_url(redis_url)),
            rate_limits=_flag(environ, "RATE_LIMITS", True),
            public_reads_per_minute=_integer(environ, "PUBLIC_READS_PER_MINUTE", 300),
            smtp_url=environ.get("SMTP_URL", ""),
            mail_from=environ.get("MAIL_FROM", "Accord <no-reply@localhost>"),
            dev_mailbox=_flag(environ, "DEV_MAILBOX", not production),
            require_email_verification=_flag(environ, "REQUIRE_EMAIL_VERIFICATION", production),
            require_admin_totp=_flag(environ, "REQUIRE_ADMIN_TOTP", production),
            demo_accounts=_flag(environ, "DEMO_ACCOUNTS", not production),
            sandbox_gateway=_flag(environ, "SANDBOX_GATEWAY", not production),
            stripe_secret_key=environ.get("STRIPE_SECRET_KEY", ""),
            stripe_webhook_secrets=_words(environ, "STRIPE_WEBHOOK_SECRET"),
            stripe_api_base=environ.get("STRIPE_API_BASE", "").rstrip("/"),
            manual_bank_details=_bank_details(environ, "MANUAL_BANK_DETAILS"),
            paper_fonts=environ.get("PAPER_FONTS", ""),
            issuer_name=environ.get("ISSUER_NAME", "").strip(),
            issuer_address=environ.get("ISSUER_ADDRESS", "").strip(),
            issuer_tax_id=environ.get("ISSUER_TAX_ID", "").strip(),
            access_token_minutes=_integer(environ, "ACCESS_TOKEN_MINUTES", 10),
            refresh_token_days=_integer(environ, "REFRESH_TOKEN_DAYS", 30),
            fault=environ.get("ACCORD_FAULT", "") if env == "test" else "",
        )
        faults = settings.problems() if production else settings.half_set()
        if faults:
            raise ConfigurationError("\n".join(faults))
        return settings if production else settings.with_local_secrets()

    def half_set(self) -> list[str]:
        """What lacks its other half, wherever it runs, one line each; empty when nothing."""
        if bool(self.stripe_secret_key) == bool(self.stripe_webhook_secrets):
            return []
        missing = "STRIPE_WEBHOOK_SECRET" if self.stripe_secret_key else "STRIPE_SECRET_KEY"
        return [f"{missing} is missing: set it too, or unset the other Stripe setting."]

    def problems(self) -> list[str]:
        """What makes these settings unsafe in production, one line each; empty when none."""
        checks = [
            (len(self.secret_key) < MINIMUM_SECRET_LENGTH or len(set(self.secret_key)) < 8,
             "SECRET_KEY is missing, short or guessable: set 32 random characters or more "
             "(python -c 'import secrets; print(secrets.token_urlsafe(48))')."),
            (not self.encryption_keys,
             "ENCRYPTION_KEYS is missing: set one or more Fernet keys, newest first "
             "(python -c 'from cryptography.fernet import Fernet; "
             "print(Fernet.generate_key().decode())')."),
            (not all(map(_is_fernet_key, self.encryption_keys)),
             "ENCRYPTION_KEYS holds what is no Fernet key: make each by Fernet.generate_key()."),
            (not 1 <= self.access_token_minutes <= 60,
             "ACCESS_TOKEN_MINUTES is out of range: set 1 to 60."),
            (not 1 <= self.refresh_token_days <= 90,
             "REFRESH_TOKEN_DAYS is out of range: set 1 to 90."),
            (self.web_threads < 2, "WEB_THREADS is below 2: live streams take half of them."),
            (self.debug, "ACCORD_DEBUG is on: unset it."),
            (not self.cookie_secure, "COOKIE_SECURE is off: unset it, cookies need https."),
            (not self.public_url.startswith("https://"),
             "PUBLIC_URL is not https: set the address that people open."),
            (not self.trusted_hosts, "TRUSTED_HOSTS is missing: list the host names served."),
            (self.trusted_proxies is None,
             "TRUSTED_PROXIES is missing: set how many proxies stand in front (0 for none)."),
            (not self.limiter_storage_url or self.limiter_storage_url.startswith("memory"),
             "LIMITER_STORAGE_URL is in memory: set a Redis URL."),
            (not self.rate_limits, "RATE_LIMITS is off: unset it."),
            (self.public_reads_per_minute < 1, "PUBLIC_READS_PER_MINUTE is below 1: set 300."),
            (not self.smtp_url, "SMTP_URL is missing: set smtp://user:password@host:587."),
            (self.dev_mailbox, "DEV_MAILBOX is on: unset it."),
            (self.demo_accounts, "DEMO_ACCOUNTS is on: unset it."),
            (self.sandbox_gateway, "SANDBOX_GATEWAY is on: unset it."),
            ("_test_" in self.stripe_secret_key,
             "STRIPE_SECRET_KEY is of the test mode: set a live key, or unset it."),
            (bool(self.stripe_api_base), "STRIPE_API_BASE is set: unset it."),
            (bool(self.egress_hosts), "EGRESS_HOSTS is set: unset it."),
            (not self.domain_checks, "DOMAIN_CHECKS is off: unset it."),
            (not self.require_admin_totp, "REQUIRE_ADMIN_TOTP is off: unset it."),
            (not self.require_email_verification,
             "REQUIRE_EMAIL_VERIFICATION is off: unset it."),
            (not self.metrics_token, "METRICS_TOKEN is missing: set a random token."),
        ]  # fmt: skip
        return self.half_set() + [text for bad, text in checks if bad]

    def with_local_secrets(self) -> Settings:
        """The same settings with secrets made once and kept in `home`, readable by the owner."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        if not self.secret_key:
            values["secret_key"] = _kept_secret(self.home / "secret-key", secrets.token_urlsafe(48))
        if not self.encryption_keys:
            from cryptography.fernet import Fernet

            values["encryption_keys"] = (
                _kept_secret(self.home / "encryption-key", Fernet.generate_key().decode()),
            )
        return Settings(**values)

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is an SQLite file."""
        return self.database_url.startswith("sqlite")

    def figures_of(self, server: str) -> Path:
        """Where the processes of a server on this machine write their figures; `run.py` adds the
        process that starts it."""
        return self.home / "run" / "metrics" / f"{server}-{socket.gethostname()}"

    def to_flask(self) -> dict[str, object]:
        """The Flask configuration of these settings."""
        host_prefix = "__Host-" if self.env == "production" else ""
        return {
            "ACCORD": self,
            "SECRET_KEY": self.secret_key,
            "DEBUG": self.debug,
            "TESTING": self.env == "test",
            "PROPAGATE_EXCEPTIONS": False,
            "MAX_CONTENT_LENGTH": 1024 * 1024,
            "TRUSTED_HOSTS": list(self.trusted_hosts) or None,
            "SQLALCHEMY_DATABASE_URI": sqlalchemy_url(self.database_url),
            "SQLALCHEMY_ENGINE_OPTIONS": self._engine_options(),
            "JWT_SECRET_KEY": self.secret_key,
            "JWT_ALGORITHM": "HS256",
            "JWT_DECODE_ALGORITHMS": ["HS256"],
            "JWT_ENCODE_ISSUER": "accord",
            "JWT_DECODE_ISSUER": "accord",
            "JWT_ENCODE_AUDIENCE": "accord",
            "JWT_DECODE_AUDIENCE": "accord",
            "JWT_TOKEN_LOCATION": ["headers", "cookies"],
            "JWT_ACCESS_TOKEN_EXPIRES": timedelta(minutes=self.access_token_minutes),
            "JWT_REFRESH_TOKEN_EXPIRES": timedelta(days=self.refresh_token_days),
            "JWT_COOKIE_SECURE": self.cookie_secure,
            "JWT_COOKIE_SAMESITE": "Lax",
            "JWT_COOKIE_CSRF_PROTECT": True,
            "JWT_SESSION_COOKIE": False,
            "JWT_ACCESS_COOKIE_NAME": f"{host_prefix}accord_access",
            "JWT_REFRESH_COOKIE_NAME": f"{host_prefix}accord_refresh",
            "JWT_ACCESS_CSRF_COOKIE_NAME": f"{host_prefix}csrf_access_token",
            "JWT_REFRESH_CSRF_COOKIE_NAME": f"{host_prefix}csrf_refresh_token",
            "CACHE_TYPE": "RedisCache",
            "CACHE_REDIS_URL": self.cache_url or self.redis_url,
            "CACHE_KEY_PREFIX": "accord:cache:",
            "CACHE_DEFAULT_TIMEOUT": 60,
            "RATELIMIT_STORAGE_URI": self.limiter_storage_url or "memory://",
            "RATELIMIT_ENABLED": self.rate_limits,
            "RATELIMIT_HEADERS_ENABLED": True,
            "API_TITLE": "Accord",
            "API_VERSION": "v1",
            "OPENAPI_VERSION": "3.1.0",
            "COMPRESS_ALGORITHM": ["br", "gzip"],
            "COMPRESS_STREAMS": False,
        }

    def _engine_options(self) -> dict[str, object]:
        if self.is_sqlite:
            return {"connect_args": {"timeout": 30, "check_same_thread": False}}
        return {"pool_size": 5, "max_overflow": 10, "pool_recycle": 1800}


def sqlalchemy_url(url: str) -> str:
    """`postgres://` and `postgresql://` both mean psycopg 3."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def celery_url(redis_url: str) -> str:
    """The same server in Celery's spelling of a socket path."""
    if redis_url.startswith("unix://"):
        path, _, query = redis_url.removeprefix("unix://").partition("?")
        database = query.removeprefix("db=") or "0"
        return f"redis+socket://{path}?virtual_host={database}"
    return redis_url


def limiter_url(redis_url: str) -> str:
    """The same server in Flask-Limiter's spelling of a socket path."""
    if redis_url.startswith("unix://"):
        return "redis+" + redis_url
    return redis_url


def _environment(name: str) -> Environment:
    for known in get_args(Environment):
        if name == known:
            return cast(Environment, known)
    raise ConfigurationError(f"ACCORD_ENV is {name!r}: set it to development, test or production.")


def _durability(environ: Mapping[str, str], name: str) -> Durability:
    value = environ.get(name, "100ms")
    for known in get_args(Durability):
        if value == known:
            return cast(Durability, known)
    raise ConfigurationError(f"{name} is {value!r}: set it to page, 100ms or group.")


def _flag(environ: Mapping[str, str], name: str, default: bool) -> bool:
    value = environ.get(name)
    if value is None:
        return default
    if value.lower() in ("1", "true", "yes", "on"):
        return True
    if value.lower() in ("0", "false", "no", "off", ""):
        return False
    raise ConfigurationError(f"{name} is {value!r}: set it to true or false.")


def _integer(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError:
        raise ConfigurationError(f"{name} is {value!r}: set a whole number.") from None


def _words(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in environ.get(name, "").split(",") if word.strip())


def _bank_details(environ: Mapping[str, str], name: str) -> tuple[tuple[str, str], ...]:
    """`name=…; iban=…; bic=…; bank=…` as pairs; a holder and an account are needed."""
    parts = (part.partition("=") for part in environ.get(name, "").split(";") if part.strip())
    found = {key.strip(): value.strip() for key, _, value in parts}
    unknown = found.keys() - {"name", "iban", "account", "bic", "bank", "country"}
    if found and (
        unknown
        or "" in found.values()
        or "name" not in found
        or not found.keys() & {"iban", "account"}
    ):
        raise ConfigurationError(
            f"{name} cannot be read: set it as name=…; iban=… (or account=…), and if wanted "
            "bic=…; bank=…; country=…."
        )
    return tuple(found.items())


def _is_fernet_key(key: str) -> bool:
    from cryptography.fernet import Fernet

    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def _kept_secret(path: Path, fresh: str) -> str:
    """The secret kept in `path`, made on first use; two processes agree on one of them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as handle:
        handle.write(fresh)
    return fresh
