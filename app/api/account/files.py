"""Uploads of the signed-in user, and reading what one may read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, request
from werkzeug.datastructures import FileStorage

from app.api.account.blueprint import blueprint as bp
from app.api.blueprint import commits, commits_itself
from app.api.limits import by_actor
from app.api.security import SIGNED_IN, access, current_actor
from app.api.shared.file_content import file_response
from app.core.extensions import limiter
from app.files import service
from app.files.schemas import FileRead, FileUpload

FORM_OVERHEAD = 64 * 1024


def _takes_uploads(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let the body be as large as a file; everything else stays within the app's limit."""

    @wraps(view)
    def larger(*args: Any, **kwargs: Any) -> Any:
        request.max_content_length = service.LARGEST + FORM_OVERHEAD
        request.max_form_parts = 4
        return view(*args, **kwargs)

    return larger


@bp.route("/account/files", methods=["POST"])
@access(*SIGNED_IN, own="user", pending=True)
@limiter.limit("60 per minute", key_func=by_actor)
@commits_itself
@_takes_uploads
@bp.arguments(FileUpload, location="files")
@bp.response(201, FileRead)
def upload_file(values: dict[str, FileStorage]) -> Any:
    """Upload a file of at most 10 MiB: a picture, a PDF, an MP4 video or a text."""
    given = values["file"]
    row = service.upload(current_actor(), name=given.filename or "", stream=given.stream)
    return service.describe(row), 201, {"Location": f"/api/v1/account/files/{row.id}"}


@bp.route("/account/files/<string:file_id>", methods=["GET"])
@access(*SIGNED_IN, own="user", pending=True)
@bp.response(200, FileRead)
def read_file(file_id: str) -> dict[str, Any]:
    """A file that you may read."""
    return service.describe(service.readable(current_actor(), file_id=file_id))


@bp.route("/account/files/<string:file_id>/content", methods=["GET"])
@access(*SIGNED_IN, own="user", pending=True)
@bp.response(200, content_type="application/octet-stream")
def read_file_content(file_id: str) -> Response:
    """The bytes of a file that you may read."""
    return file_response(service.readable(current_actor(), file_id=file_id), public=False)


@bp.route("/account/files/<string:file_id>", methods=["DELETE"])
@access(*SIGNED_IN, own="user", pending=True)
@commits
@bp.response(204)
def delete_file(file_id: str) -> None:
    """Delete an own file that is not used yet."""
    service.discard(current_actor(), file_id=file_id)
