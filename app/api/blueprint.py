"""The blueprint of every surface: strict arguments, documented problems, one unit of work a write.

A view reads from top to bottom: route, `access`, `commits` (for writes), arguments, response.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

import flask_smorest
from flask import Response, current_app, g, make_response, request
from marshmallow import RAISE
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.http import generate_etag, parse_etags, unquote_etag

from app.api.marks import docs_of, marked
from app.core import idempotency
from app.core.errors import DomainError, Invalid, StaleVersion
from app.core.faults import point
from app.core.strict_json import MalformedJSON, clean_text, loads
from app.core.transaction import unit_of_work

F = TypeVar("F", bound=Callable[..., Any])

_LONGEST_KEPT_QUERY = 500
IDEMPOTENCY_HEADER = "Idempotency-Key"


class MissingIdempotencyKey(DomainError):
    type = "idempotency-key-required"
    title = "This request needs an Idempotency-Key header"
    status = 400


class StrictParser(FlaskParser):
    """Reads JSON strictly, refuses unknown query parameters and NUL in them."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - declared by the base class
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "json": RAISE,
        "query": RAISE,
        "form": RAISE,
    }

    def use_args(self, argmap: Any, *args: Any, **kwargs: Any) -> Any:
        # One schema for all requests: making one copies every field.
        made = argmap() if isinstance(argmap, type) else argmap
        return super().use_args(made, *args, **kwargs)

    def parse(self, argmap: Any, req: Any = None, *, location: Any = None, **more: Any) -> Any:
        # What a query string means depends on nothing else, and the same few are asked again and
        # again. What is refused is not kept.
        if location != "query" or len(request.query_string) > _LONGEST_KEPT_QUERY:
            return super().parse(argmap, req, location=location, **more)
        read = self._query(argmap, request.query_string, tuple(more.items()))
        return {name: [*value] if type(value) is list else value for name, value in read.items()}

    @lru_cache(maxsize=1024)  # noqa: B019 - the parser lives as long as the application
    def _query(self, schema: Any, query_string: bytes, more: tuple[tuple[str, Any], ...]) -> Any:
        return super().parse(schema, location="query", **dict(more))

    def load_json(self, req: Any, schema: Any) -> Any:
        body = _body()
        if not body and request.mimetype in ("", "application/json"):
            if request.method in ("PATCH", "PUT"):
                raise BadRequest("Say in a JSON body what to change.")
            return {}
        if request.mimetype != "application/json":
            raise BadRequest("Send the body as application/json.")
        try:
            return loads(body, charset=request.mimetype_params.get("charset", "utf-8"))
        except MalformedJSON as error:
            raise BadRequest(f"The body is no JSON that we take: {error}.") from None

    def load_querystring(self, req: Any, schema: Any) -> Any:
        for key, values in req.args.lists():
            if "\x00" in key:
                raise Invalid(query="A name holds a NUL character.")
            if len(values) > 1 and not _takes_many(schema, key):
                raise Invalid(**{key: "Give this once."})
            for value in values:
                try:
                    clean_text(value)
                except MalformedJSON as error:
                    raise Invalid(**{key: str(error)}) from None
        return super().load_querystring(req, schema)


class Blueprint(flask_smorest.Blueprint):
    """A surface of the API."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(self._prepare_contract_doc)

    def _store_endpoint_docs(
        self, endpoint: str, obj: Any, parameters: Any, tags: Any, **options: Any
    ) -> None:
        super()._store_endpoint_docs(endpoint, obj, parameters, tags, **options)
        for method, info in self._docs[endpoint].items():
            if method != "parameters":
                info["operation_id"] = f"{self.name}_{endpoint}"

    def _prepare_contract_doc(self, doc: Any, doc_info: Any, *, method: str, **_kw: Any) -> Any:
        doc["operationId"] = doc_info["operation_id"]
        _relax_body(doc, method)
        rule = doc_info.get("manual_doc", {}).get("x-access", {})
        problems = {400: "Malformed request", 404: "Absent, or not yours", 429: "Too many requests"}
        if rule.get("roles", ["anyone"]) != ["anyone"]:
            problems |= {401: "Not signed in", 403: "Role or state does not allow this"}
        elif method != "get":
            problems |= {401: "The password, token or signature is wrong"}
        if method != "get":
            problems |= {
                403: "Role or state does not allow this",
                409: "Refused transition or conflict",
                412: "Stale If-Match",
                413: "Too large",
                422: "Malformed input",
            }
        else:
            problems |= {422: "Malformed input"}
        responses = doc.setdefault("responses", {})
        # smorest documents its own error shape; ours is the problem document everywhere.
        for status in [key for key in responses if str(key) == "422" or str(key) == "default"]:
            responses.pop(status)
        for status, description in problems.items():
            responses[str(status)] = {
                "description": description,
                "content": {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                },
            }
        if method == "post" and not doc_info.get("keeps_no_answers"):
            doc.setdefault("parameters", []).append(
                {
                    "in": "header",
                    "name": IDEMPOTENCY_HEADER,
                    "required": bool(doc_info.get("needs_idempotency_key")),
                    "schema": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 128,
                        "pattern": "^[!-~]+$",
                    },
                    "description": "The same key gives the same answer and one effect.",
                }
            )
        return doc


def commits(view: F | None = None, *, needs_key: bool = False) -> Any:
    """Run a view as one unit of work and honour its Idempotency-Key.

    The kept answer of a key is stored in the same transaction as the effect. `needs_key` refuses
    requests without one.
    """

    def decorate(function: F) -> F:
        @wraps(function)
        def transactional(*args: Any, **kwargs: Any) -> Any:
            body = _body()  # read before any lock is taken
            key = _request_key(body, needs_key=needs_key)

            def effect() -> Response:
                g.if_match_checked = False
                response = make_response(function(*args, **kwargs))
                _refuse_unchecked_condition()
                return response

            return unit_of_work(effect if key is None else lambda: _once(key, effect))

        docs = docs_of(function)
        if needs_key:
            docs["needs_idempotency_key"] = True
        return marked(transactional, function, _commits=True, _apidoc=docs)

    return decorate(view) if view is not None else decorate


def commits_itself(view: F) -> F:
    """Mark a writing view whose service opens its own units of work (hashing, files, network)."""
    docs = {**docs_of(view), "keeps_no_answers": True}
    return marked(view, view, _commits=True, _apidoc=docs)


def tagged(resource: Any) -> dict[str, str]:
    """The ETag header of a versioned row."""
    return {"ETag": f'"{resource.id}.{resource.version}"'}


def check_if_match(resource: Any) -> None:
    """Refuse the change of a row that moved on since the caller read it. Raises StaleVersion."""
    _check_tag(f"{resource.id}.{resource.version}")


def check_if_match_tag(etag: str) -> None:
    """The same for what has a tag and no version; `etag` is what `etag_of` gave."""
    _check_tag(unquote_etag(etag)[0])


def _check_tag(present: str | None) -> None:
    g.if_match_checked = True
    wanted = request.headers.get("If-Match")
    if wanted is None:
        return
    # A tag goes out with the name of the encoding behind it when its answer was packed.
    packed = [f"{present}:{name}" for name in current_app.config["COMPRESS_ALGORITHM"]]
    tags = parse_etags(wanted)
    if not present or not any(tags.contains_weak(tag) for tag in (present, *packed)):
        raise StaleVersion("Nothing was changed. Load it again and repeat your change.")


def _refuse_unchecked_condition() -> None:
    # A condition that nobody looked at would pass as one that holds.
    if "If-Match" in request.headers and not g.get("if_match_checked"):
        raise StaleVersion("This has no version to compare: leave If-Match out. Nothing changed.")


def etag_of(*parts: object) -> str:
    """A weak ETag of values that change whenever the answer does."""
    return f'W/"{generate_etag(repr(parts).encode())}"'


def _request_key(body: bytes, *, needs_key: bool) -> idempotency.RequestKey | None:
    key = request.headers.get(IDEMPOTENCY_HEADER)
    if key is None or request.method != "POST":
        if needs_key:
            raise MissingIdempotencyKey("Make up a random one, and keep it when you retry.")
        return None
    if not 1 <= len(key) <= 128 or not key.isascii() or not key.isprintable() or " " in key:
        raise Invalid(
            "The Idempotency-Key header is malformed.",
            **{IDEMPOTENCY_HEADER: "Give 1 to 128 visible ASCII characters."},
        )
    actor = g.get("actor")
    who = actor.label if actor is not None and actor.user_id else f"address:{request.remote_addr}"
    return idempotency.RequestKey(
        actor=who[:64],
        route=f"{request.method} {request.url_rule}"[:200],
        key=key,
        request_hash=idempotency.fingerprint(request.full_path, body),
    )


def _once(key: idempotency.RequestKey, effect: Callable[[], Response]) -> Response:
    idempotency.lock(key)
    kept = idempotency.answered(key)
    if kept is not None:
        response = current_app.response_class(
            kept.body, kept.status, content_type=kept.content_type
        )
        if kept.location:
            response.headers["Location"] = kept.location
        response.headers["Idempotent-Replayed"] = "true"
        return response
    response = effect()
    if response.status_code < 400:
        point("request.before_the_answer_is_kept")
        idempotency.keep(
            key,
            status=response.status_code,
            content_type=response.content_type,
            location=response.headers.get("Location"),
            body=response.get_data(),
        )
    return response


def _body() -> bytes:
    """The whole body. Raises RequestEntityTooLarge."""
    body = request.get_data(cache=True)
    limit = request.max_content_length
    # Werkzeug cuts a body that tells no length at the limit; whatever comes behind would be lost.
    if limit is not None and request.content_length is None and len(body) >= limit:
        raise RequestEntityTooLarge
    return body


def _relax_body(doc: dict[str, Any], method: str) -> None:
    """A POST whose every field may be left out may come without a body."""
    body = doc.get("requestBody")
    if body is None or method != "post":
        return
    for content in body["content"].values():
        fields = getattr(content["schema"], "_declared_fields", {"unknown": None})
        if not any(field is None or field.required for field in fields.values()):
            body["required"] = False


def _takes_many(schema: Any, key: str) -> bool:
    field = getattr(schema, "fields", {}).get(key)
    return field is not None and type(field).__name__ in ("List", "DelimitedList")
