"""Marks on views: what the API document and the tests of the surfaces read of a function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])


def marked(view: Callable[..., Any], like: F, **marks: Any) -> F:
    """`view` with these marks. It stands for `like`, the view that it calls (or is)."""
    vars(view).update(marks)
    return cast("F", view)


def docs_of(view: Callable[..., Any]) -> dict[str, Any]:
    """What flask-smorest has noted for the document so far, to be added to."""
    return dict(getattr(view, "_apidoc", {}))
