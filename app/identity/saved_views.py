"""Filters of lists that a user keeps under names. Which parameters a list knows is the page's
own business: here they are bounded text."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.folding import fold
from app.identity.errors import TooManyKept, ViewNameTaken
from app.identity.models import SavedView, User

MOST_VIEWS = 50


def views_of(actor: Actor) -> list[SavedView]:
    """The actor's views of all lists, by list and name."""
    return list(
        db.session.scalars(
            select(SavedView)
            .where(SavedView.user_id == actor.user_id)
            .order_by(SavedView.list_name, SavedView.name_key, SavedView.id)
        )
    )


def get_for(actor: Actor, view_id: str) -> SavedView:
    """One of the actor's views, for a change. Raises NotFound."""
    return _own(_views_for_change(actor), view_id)


def create(
    actor: Actor, *, list_name: str, name: str, query: str, is_default: bool = False
) -> SavedView:
    """Keep filters under a name. Raises TooManyKept, ViewNameTaken."""
    views = _views_for_change(actor)
    if len(views) >= MOST_VIEWS:
        raise TooManyKept(f"Delete one of your {MOST_VIEWS} views first.")
    _refuse_taken(views, list_name, name)
    if is_default:
        _clear_default(views, list_name)
    view = SavedView(
        user_id=actor.user_id, list_name=list_name, name=name, query=query, is_default=is_default
    )
    db.session.add(view)
    db.session.flush()
    return view


def change(actor: Actor, *, view_id: str, **values: Any) -> SavedView:
    """Change name, query or is_default. Raises NotFound, ViewNameTaken."""
    views = _views_for_change(actor)
    view = _own(views, view_id)
    others = [one for one in views if one is not view]
    if "name" in values:
        _refuse_taken(others, view.list_name, values["name"])
    if values.get("is_default"):
        _clear_default(others, view.list_name)
    for column, value in values.items():
        setattr(view, column, value)
    view.touch()
    db.session.flush()
    return view


def delete(actor: Actor, *, view_id: str) -> None:
    """Forget a view. Raises NotFound."""
    db.session.delete(_own(_views_for_change(actor), view_id))
    db.session.flush()


def _views_for_change(actor: Actor) -> list[SavedView]:
    # One change of a user's views at a time: their number, names and defaults are counted here.
    db.session.execute(
        select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True)
    )
    return views_of(actor)


def _own(views: list[SavedView], view_id: str) -> SavedView:
    for view in views:
        if view.id == view_id:
            return view
    raise NotFound


def _refuse_taken(views: list[SavedView], list_name: str, name: str) -> None:
    if any(view.list_name == list_name and view.name_key == fold(name)[:200] for view in views):
        raise ViewNameTaken("Choose another name, or change that view.")


def _clear_default(views: list[SavedView], list_name: str) -> None:
    for view in views:
        if view.list_name == list_name and view.is_default:
            view.is_default = False
            view.touch()
    # The index allows one default a list, so the old one goes before the new one comes.
    db.session.flush()
