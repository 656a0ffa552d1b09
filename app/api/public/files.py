"""Files of public things: profile photos and logos."""

from __future__ import annotations

from flask import Response

from app.api.public.blueprint import blueprint as bp
from app.api.security import access
from app.api.shared.file_content import file_response
from app.files import service


@bp.route("/public/files/<string:file_id>", methods=["GET"])
@access()
@bp.response(200, content_type="application/octet-stream")
def read_public_file(file_id: str) -> Response:
    """A profile photo or a logo."""
    return file_response(service.public_file(file_id), public=True)
