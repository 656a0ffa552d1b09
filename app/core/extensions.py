"""Flask extensions, made once and bound by the factory."""

from __future__ import annotations

from flask_caching import Cache
from flask_compress import Compress
from flask_jwt_extended import JWTManager
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

from app.core.models import Base

# expire_on_commit off: what a use case returns stays readable while the answer is written.
# autoflush off: a service flushes where it wants the database's word, and nowhere else.
db = SQLAlchemy(
    metadata=Base.metadata, session_options={"expire_on_commit": False, "autoflush": False}
)
migrate = Migrate()
jwt = JWTManager()
cache = Cache()
limiter = Limiter(key_func=get_remote_address)
compress = Compress()
