"""A plain value for a schema of the API document: what is required, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from app.core.clock import today


def body_of(
    document: Mapping[str, Any], operation: Mapping[str, Any], fields: Mapping[str, Any]
) -> Any:
    """A body that an operation takes; `fields` are values for fields of these names, anywhere.

    None for an operation without a JSON body.
    """
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    return _sample(document, content["application/json"]["schema"], fields)


def query_of(
    document: Mapping[str, Any], operation: Mapping[str, Any], fields: Mapping[str, Any]
) -> dict[str, Any]:
    """The query parameters that an operation cannot do without."""
    return {
        parameter["name"]: fields.get(
            parameter["name"], _sample(document, parameter["schema"], fields)
        )
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query" and parameter.get("required")
    }


def _sample(
    document: Mapping[str, Any], schema: Mapping[str, Any], fields: Mapping[str, Any]
) -> Any:
    if "$ref" in schema:
        named = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return _sample(document, named, fields)
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return _sample(document, schema[word][0], fields)
    for word in ("const", "example"):
        if word in schema:
            return schema[word]
    if "enum" in schema:
        return schema["enum"][0]
    types = schema.get("type", "object")
    kind = types if isinstance(types, str) else types[0]
    if kind == "object":
        return _object(document, schema, fields)
    if kind == "array":
        item = schema.get("items", {})
        return [_sample(document, item, fields) for _ in range(schema.get("minItems", 0))]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return True
    return _text(schema)


def _object(
    document: Mapping[str, Any], schema: Mapping[str, Any], fields: Mapping[str, Any]
) -> dict[str, Any]:
    wanted = schema.get("required", [])
    properties = schema.get("properties", {})
    found = {
        name: fields[name] if name in fields else _sample(document, part, fields)
        for name, part in properties.items()
        if name in wanted
    }
    # A change of nothing says nothing: take the first field that can be changed.
    if not found and properties and not wanted:
        name, part = next(iter(properties.items()))
        found[name] = fields.get(name, _sample(document, part, fields))
    return found


def _text(schema: Mapping[str, Any]) -> str:
    shape = schema.get("format")
    if shape == "date":
        return (today() + timedelta(days=10)).isoformat()
    if shape == "date-time":
        return datetime.now(UTC).isoformat()
    if shape == "email":
        return "someone@example.com"
    if shape in ("url", "uri"):
        return "https://example.com/post"
    return "x" * max(1, schema.get("minLength", 1))
