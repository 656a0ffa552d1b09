"""Wire shapes of files."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import fields

from app.core.schemas import Input, Output


class FileUpload(Input):
    """A multipart form with one file."""

    file = Upload(required=True)


class FileRead(Output):
    """A stored file; `url` answers its bytes to whoever may read it."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    content_type = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes."})
    sha256 = fields.String(required=True)
    width = fields.Integer(required=True, allow_none=True)
    height = fields.Integer(required=True, allow_none=True)
    attached = fields.Boolean(required=True)
    url = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
