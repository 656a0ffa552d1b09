"""The API document, for programs and for people."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from functools import cache
from typing import Any

import orjson
from flask import Blueprint, Response, render_template

from app.api.security import access
from app.core.openapi import openapi_document

blueprint = Blueprint("document", __name__, template_folder="templates")

METHODS = ("get", "post", "patch", "put", "delete")


@blueprint.get("/api/v1/openapi.json")
@access()
def openapi_json() -> Response:
    """The OpenAPI document of this instance."""
    body, tag = _encoded()
    response = Response(body, content_type="application/json")
    response.set_etag(tag)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@blueprint.get("/api/docs")
@access()
def docs() -> str:
    """The same document as a page that needs no script."""
    document = openapi_document()
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path, operations in sorted(document["paths"].items()):
        for method in METHODS:
            if method in operations:
                operation = operations[method]
                groups[operation["tags"][0]].append(
                    {
                        "method": method.upper(),
                        "path": path,
                        "parameters": [
                            parameter
                            for parameter in (
                                operations.get("parameters", []) + operation.get("parameters", [])
                            )
                            if "name" in parameter
                        ],
                        "body": _body(operation),
                        **operation,
                    }
                )
    return render_template("docs.html", info=document["info"], groups=groups)


@blueprint.get("/api/docs.css")
@access()
def docs_style() -> Response:
    """The page's style; the security policy allows none inside the page."""
    response = Response(render_template("docs.css"), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@cache
def _encoded() -> tuple[bytes, str]:
    body = orjson.dumps(openapi_document())
    return body, hashlib.sha256(body).hexdigest()[:32]


def _body(operation: dict[str, Any]) -> str:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = content.get("schema", {})
        return str(schema.get("$ref", schema.get("type", "object"))).rpartition("/")[2]
    return ""
