"""Files of public things: profile photos and logos."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.public.blueprint import blueprint as bp
from app.api.security import access, current_actor
from app.api.shared.file_content import file_response
from app.core.caching import cached
from app.files import service
from app.files.models import StoredFile

_SERVED = ("id", "storage_key", "content_type", "name", "size", "sha256")


@bp.route("/public/files/<string:file_id>", methods=["GET"])
@access()
@bp.response(200, content_type="application/octet-stream")
def read_public_file(file_id: str) -> Response:
    """A profile photo or a logo."""
    known = cached(service.PUBLIC, current_actor(), {"file": file_id}, lambda: _known(file_id))
    return file_response(StoredFile(**known), public=True)


def _known(file_id: str) -> dict[str, Any]:
    row = service.public_file(file_id)
    return {name: getattr(row, name) for name in _SERVED}
