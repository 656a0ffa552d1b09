"""Flask extensions, made once and bound by the factory."""

from __future__ import annotations

from typing import Any

from flask_caching import Cache
from flask_compress import Compress
from flask_jwt_extended import JWTManager
from flask_limiter import Limiter
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.core.addresses import place
from app.core.models import Base

# expire_on_commit off: what a use case returns stays readable while the answer is written.
# autoflush off: a service flushes where it wants the database's word, and nowhere else.
db = SQLAlchemy(
    metadata=Base.metadata, session_options={"expire_on_commit": False, "autoflush": False}
)
migrate = Migrate()
jwt = JWTManager()
# A request waits for no Redis that is away: reads go without the cache, limits count by process.
_REDIS: dict[str, Any] = {
    "socket_connect_timeout": 2,
    "socket_timeout": 2,
    "retry": Retry(NoBackoff(), 1),
}
cache = Cache(config={"CACHE_OPTIONS": _REDIS})
limiter = Limiter(
    key_func=place,
    storage_options=_REDIS,
    in_memory_fallback_enabled=True,
)
compress = Compress()
