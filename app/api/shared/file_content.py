"""The bytes of a stored file as an answer."""

from __future__ import annotations

from flask import Response, current_app, request, send_file

from app.core.errors import NotFound
from app.files import storage
from app.files.models import StoredFile


def file_response(row: StoredFile, *, public: bool) -> Response:
    """The file: pictures in place, everything else as a download that no browser runs."""
    try:
        opened = storage.read(row.storage_key)
    except FileNotFoundError:
        current_app.logger.error("the bytes of %s are gone from the storage", row.id)
        raise NotFound("The bytes of this file are gone from the storage.") from None
    response = send_file(
        opened,
        mimetype=row.content_type,
        as_attachment=not row.is_image,
        download_name=row.name,
        conditional=False,
        etag=False,
    )
    response.content_length = row.size
    response.set_etag(row.sha256)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # The bytes under an id never change; who may read them may.
    response.headers["Cache-Control"] = "public, max-age=86400" if public else "private, no-cache"
    response.make_conditional(request, accept_ranges=True, complete_length=row.size)
    return response
