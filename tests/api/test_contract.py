"""What every operation owes: a guard, one unit of work, a name, a summary, its problems."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

import app as package
import app.api as surfaces
from app.core.models import Base
from app.core.openapi import openapi_document
from app.factory import SURFACES, import_models

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
ROLES = ("admin", "sponsor", "influencer")
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}

# From the domain that knows nothing of the others upwards.
DOWNHILL = (
    "core",
    "audit",
    "files",
    "identity",
    "notifications",
    "payments",
    "brands",
    "listening",
    "scoring",
    "campaigns",
    "ad_requests",
    "attribution",
    "statistics",
    "discovery",
    "community",
    "moderation",
    "reporting",
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An app that is looked at and never asked."""
    from app import create_app
    from config import Settings

    home = tmp_path_factory.mktemp("contract")
    return create_app(
        Settings(
            env="test",
            home=home,
            database_url=f"sqlite:///{home / 'nothing.db'}",
            redis_url="redis://127.0.0.1:1",
            secret_key="x" * 40,
        )
    )


@pytest.fixture(scope="module")
def document(built: Flask) -> dict[str, Any]:
    found: dict[str, Any] = openapi_document(built)
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of every operation."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield path, method, operation


# --- views --------------------------------------------------------------------------------------


def test_every_view_has_a_guard(built: Flask) -> None:
    bare = {
        f"{rule} ({rule.endpoint})"
        for rule in built.url_map.iter_rules()
        if not hasattr(built.view_functions[rule.endpoint], "_access")
    }
    assert bare == set()


def test_every_writing_view_commits(built: Flask) -> None:
    bare = {
        f"{rule} ({rule.endpoint})"
        for rule in built.url_map.iter_rules()
        if (rule.methods or set()) & UNSAFE
        and not getattr(built.view_functions[rule.endpoint], "_commits", False)
    }
    assert bare == set()


def test_a_reading_view_does_not_also_write(built: Flask) -> None:
    mixed = {
        str(rule)
        for rule in built.url_map.iter_rules()
        if (rule.methods or set()) & UNSAFE and "GET" in (rule.methods or set())
    }
    assert mixed == set()


@pytest.mark.parametrize("role", ROLES)
def test_a_surface_is_for_its_role_alone(built: Flask, role: str) -> None:
    others = {
        str(rule): built.view_functions[rule.endpoint]._access.roles
        for rule in built.url_map.iter_rules()
        if str(rule).startswith(f"/api/v1/{role}/")
        and built.view_functions[rule.endpoint]._access.roles != (role,)
    }
    assert others == {}


def test_surfaces_are_where_their_names_say(built: Flask) -> None:
    for rule in built.url_map.iter_rules():
        surface = rule.endpoint.partition(".")[0]
        if surface in ROLES:
            assert str(rule).startswith(f"/api/v1/{surface}/"), rule
        elif surface in SURFACES:
            assert not str(rule).startswith(tuple(f"/api/v1/{role}/" for role in ROLES)), rule


# --- the document -------------------------------------------------------------------------------


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_every_documented_view_is_there(built: Flask, document: dict[str, Any]) -> None:
    served = {
        (rule.rule.replace("<string:", "{").replace("<", "{").replace(">", "}"), method.lower())
        for rule in built.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/")
    }
    documented = {(path, method) for path, method, _ in operations(document)}
    assert documented <= served
    undocumented = {path for path, _ in served - documented}
    # The document itself is the only thing that need not stand in it.
    assert undocumented <= {"/api/v1/openapi.json"}


def test_operation_ids_are_unique_and_name_their_surface(document: dict[str, Any]) -> None:
    ids = Counter(operation["operationId"] for _, _, operation in operations(document))
    assert [name for name, count in ids.items() if count > 1] == []
    assert {name.partition("_")[0] for name in ids} <= set(SURFACES)


def test_every_operation_has_a_summary_and_says_who_may_call_it(
    document: dict[str, Any],
) -> None:
    for path, method, operation in operations(document):
        name = f"{method} {path}"
        assert operation["summary"].endswith((".", "?")), name
        assert operation["x-access"]["roles"], name
        assert "security" in operation, name
        signed_in = operation["x-access"]["roles"] != ["anyone"]
        assert bool(operation["security"]) is signed_in, name


def test_every_operation_documents_its_problems(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        name = f"{method} {path}"
        responses = operation["responses"]
        wanted = {"400", "404", "422", "429"}
        if operation["x-access"]["roles"] != ["anyone"]:
            wanted |= {"401", "403"}
        if method != "get":
            wanted |= {"403", "409"}
        assert wanted <= set(responses), name
        for status, response in responses.items():
            if status.startswith(("4", "5")):
                assert response["content"] == PROBLEM, f"{name} {status}"
                assert response["description"], f"{name} {status}"
        assert any(status.startswith(("2", "3")) for status in responses), name


def test_every_text_that_comes_in_is_bounded(document: dict[str, Any]) -> None:
    """A text without an end could fill the database, one field at a time."""
    unbounded = set()
    for path, method, operation in operations(document):
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query":
                for field in _unbounded(document, parameter["schema"], parameter["name"]):
                    # The server's limit on addresses bounds how often one is given.
                    if not field.endswith("[]"):
                        unbounded.add(f"{method} {path}: {field}")
        for content in operation.get("requestBody", {}).get("content", {}).values():
            for field in _unbounded(document, content.get("schema", {}), ""):
                unbounded.add(f"{method} {path}: {field}")
    assert sorted(unbounded) == []


BOUNDED_FORMATS = {"date", "date-time", "binary", "uuid"}


def _unbounded(
    document: dict[str, Any], schema: dict[str, Any], where: str, seen: tuple[str, ...] = ()
) -> Iterator[str]:
    reference = schema.get("$ref")
    if reference is not None:
        if reference not in seen:
            named = document["components"]["schemas"][reference.rpartition("/")[2]]
            yield from _unbounded(document, named, where, (*seen, reference))
        return
    for part in (*schema.get("anyOf", ()), *schema.get("allOf", ()), *schema.get("oneOf", ())):
        yield from _unbounded(document, part, where, seen)
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if "string" in types and not (
        {"maxLength", "enum", "pattern", "const"} & set(schema)
        or schema.get("format") in BOUNDED_FORMATS
    ):
        yield where
    if "array" in types:
        if "maxItems" not in schema:
            yield f"{where}[]"
        yield from _unbounded(document, schema.get("items", {}), f"{where}[]", seen)
    for name, part in schema.get("properties", {}).items():
        yield from _unbounded(document, part, f"{where}.{name}", seen)


# --- the house ----------------------------------------------------------------------------------


@pytest.mark.parametrize("surface", SURFACES)
def test_surfaces_do_not_import_each_other(surface: str) -> None:
    folder = Path(next(iter(surfaces.__path__))) / surface
    others = tuple(f"app.api.{other}" for other in SURFACES if other != surface)
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in names:
                assert not name.startswith(others), f"{path.name} imports {name}"


def _domain_of_tables() -> dict[str, str]:
    """The domain in whose package each table's model is declared."""
    import_models()
    return {
        mapper.local_table.name: mapper.class_.__module__.split(".")[1]
        for mapper in Base.registry.mappers
    }


def test_every_foreign_key_points_downhill(built: Flask) -> None:
    domain_of = _domain_of_tables()
    rank = {name: number for number, name in enumerate(DOWNHILL)}
    assert set(domain_of.values()) <= set(DOWNHILL)
    uphill = [
        f"{table.name} ({domain_of[table.name]}) points at {key.column.table.name} "
        f"({domain_of[key.column.table.name]})"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if rank[domain_of[key.column.table.name]] > rank[domain_of[table.name]]
    ]
    assert uphill == []


def test_every_table_has_a_model(built: Flask) -> None:
    assert set(Base.metadata.tables) == set(_domain_of_tables())


def test_every_column_that_holds_money_is_wide_and_has_a_currency(built: Flask) -> None:
    from sqlalchemy import BigInteger

    narrow = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if (column.name == "amount" or column.name.endswith("_amount"))
        and not isinstance(column.type, BigInteger)
    ]
    assert narrow == []


def test_relationships_are_loaded_on_purpose(built: Flask) -> None:
    import_models()
    loose = [
        f"{mapper.class_.__name__}.{relation.key}"
        for mapper in Base.registry.mappers
        for relation in mapper.relationships
        if relation.lazy != "raise"
    ]
    assert loose == []


def test_every_package_says_what_it_owns() -> None:
    for module in pkgutil.iter_modules(package.__path__):
        if module.ispkg:
            text = importlib.import_module(f"app.{module.name}").__doc__
            assert text, module.name
            assert text.strip(), module.name
