"""The API with its OpenAPI document, which is written when somebody first asks for it."""

from __future__ import annotations

from threading import Lock
from typing import Any

import flask_smorest
from flask import Flask, current_app
from marshmallow import INCLUDE, Schema, fields

_EXTENSION = "accord_openapi"


class Problem(Schema):
    """An error answer (RFC 9457); some types carry further members, such as `missing`."""

    class Meta:
        unknown = INCLUDE

    type = fields.String(required=True, metadata={"description": "Stable slug of the problem."})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "What is wrong, field by field."},
    )
    request_id = fields.String(allow_none=True)


class DocumentedApi(flask_smorest.Api):
    """Every surface; errors are problems, so smorest's handler stays out.

    Writing the document takes a third of a start, and most processes never show it.
    """

    def __init__(self, app: Flask) -> None:
        self._surfaces: list[flask_smorest.Blueprint] = []
        self._written: dict[str, Any] | None = None
        self._writing = Lock()
        super().__init__(app, spec_kwargs=_frame(app))
        app.extensions[_EXTENSION] = self

    def _register_error_handlers(self) -> None:
        """Leave error handlers to `register_problem_handlers`."""

    def register_blueprint(self, blp: flask_smorest.Blueprint) -> None:
        """Serve a surface; it is documented later."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp)
        self._surfaces.append(blp)

    def document(self) -> dict[str, Any]:
        """The OpenAPI document of all surfaces."""
        with self._writing:
            if self._written is None:
                self.spec.components.schema("Problem", schema=Problem)
                for surface in self._surfaces:
                    surface.register_views_in_doc(
                        self, self._app, self.spec, name=surface.name, parameters=None
                    )
                    self.spec.tag({"name": surface.name, "description": surface.description})
                self._written = self.spec.to_dict()
            return self._written


def openapi_document(app: Flask | None = None) -> dict[str, Any]:
    """The OpenAPI document of `app`, or of the current one; nobody may change it."""
    api: DocumentedApi = (app or current_app).extensions[_EXTENSION]
    return api.document()


def _frame(app: Flask) -> dict[str, Any]:
    names = app.config
    return {
        "info": {
            "description": "Sponsors and influencers agree on campaigns, carry them out and are "
            "paid. Errors are application/problem+json; money is in minor units; times are UTC.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "components": {
            "securitySchemes": {
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "accord_access",
                    "description": "Set by sign-in; unsafe methods also send the value of the "
                    f"cookie {names['JWT_ACCESS_CSRF_COOKIE_NAME'].removeprefix('__Host-')} as "
                    "X-CSRF-TOKEN.",
                },
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key (ak_…) or the access token of a header sign-in.",
                },
            }
        },
    }
