"""Filters of lists that a user keeps under names."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.identity import saved_views
from app.identity.models import SavedView
from tests.factories.identity import SignedIn, make_admin, make_influencer, make_sponsor

pytestmark = pytest.mark.usefixtures("app")
PATH = "/account/saved-views"


@pytest.fixture
def user() -> SignedIn:
    return SignedIn(make_sponsor())


def save(user: SignedIn, name: str = "Active", **values: Any) -> Any:
    return user.post(
        PATH, {"list": "ad-requests", "name": name, "query": "status=active", **values}
    )


def names(user: SignedIn) -> list[str]:
    return [view["name"] for view in user.get(PATH).json["items"]]


def test_a_view_is_kept_renamed_and_deleted(user: SignedIn) -> None:
    made = save(user)
    assert made.status_code == 201, made.text
    assert made.headers["Location"].endswith(made.json["id"])
    view = made.json
    assert (view["list"], view["query"], view["is_default"]) == (
        "ad-requests",
        "status=active",
        False,
    )
    path = f"{PATH}/{view['id']}"
    changed = user.patch(path, {"name": "Running", "query": ""})
    assert (changed.json["name"], changed.json["query"]) == ("Running", "")
    assert names(user) == ["Running"]
    assert user.delete(path).status_code == 204
    assert names(user) == []
    assert user.delete(path).status_code == 404


def test_a_name_is_taken_once_a_list_whatever_its_case(user: SignedIn) -> None:
    save(user, "Đang chạy")
    again = save(user, "ĐANG CHẠY")
    assert again.status_code == 409
    assert again.json["type"].endswith("view-name-taken")
    assert save(user, "Đang chạy", list="campaigns").status_code == 201
    other = save(user, "Other").json
    assert user.patch(f"{PATH}/{other['id']}", {"name": "đang chạy"}).status_code == 409
    assert user.patch(f"{PATH}/{other['id']}", {"name": "OTHER"}).status_code == 200
    assert save(SignedIn(make_influencer()), "Đang chạy").status_code == 201


def test_a_list_opens_with_one_view_at_most(user: SignedIn) -> None:
    first = save(user, "First", is_default=True).json
    elsewhere = save(user, "Elsewhere", list="campaigns", is_default=True).json
    second = save(user, "Second", is_default=True).json

    def defaults() -> set[str]:
        return {view["id"] for view in user.get(PATH).json["items"] if view["is_default"]}

    assert defaults() == {second["id"], elsewhere["id"]}
    assert user.patch(f"{PATH}/{first['id']}", {"is_default": True}).json["is_default"]
    assert defaults() == {first["id"], elsewhere["id"]}
    user.patch(f"{PATH}/{first['id']}", {"is_default": False})
    assert defaults() == {elsewhere["id"]}


def test_the_database_itself_allows_one_default(user: SignedIn) -> None:
    save(user, "First", is_default=True)

    def another() -> None:
        db.session.add(
            SavedView(
                user_id=user.person.user_id,
                list_name="ad-requests",
                name="Second",
                query="",
                is_default=True,
            )
        )
        db.session.flush()

    with pytest.raises(IntegrityError):
        unit_of_work(another)


def test_views_are_bounded_in_number(user: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 2)
    assert save(user, "One").status_code == 201
    assert save(user, "Two", list="campaigns").status_code == 201
    third = save(user, "Three")
    assert third.status_code == 409
    assert third.json["type"].endswith("too-many")


@pytest.mark.parametrize(
    "query",
    ["?q=a", "status", "a b=c", "Q=1", "=x", "q=" + "a" * 1000, "&".join(["a=1"] * 41)],
)
def test_a_query_that_is_none_is_refused(user: SignedIn, query: str) -> None:
    assert save(user, query=query).status_code == 422


@pytest.mark.parametrize("values", [{"list": "Ad requests"}, {"name": ""}, {"name": "a" * 61}])
def test_names_are_bounded(user: SignedIn, values: dict[str, str]) -> None:
    assert save(user, **values).status_code == 422


def test_nobody_reaches_the_views_of_another(user: SignedIn) -> None:
    view = save(user).json
    for other in (SignedIn(make_sponsor()), SignedIn(make_admin())):
        assert names(other) == []
        assert other.patch(f"{PATH}/{view['id']}", {"name": "Mine"}).status_code == 404
        assert other.delete(f"{PATH}/{view['id']}").status_code == 404
    assert names(user) == ["Active"]


def test_a_change_of_an_old_version_is_refused(user: SignedIn) -> None:
    made = save(user)
    path = f"{PATH}/{made.json['id']}"
    tag = {"If-Match": made.headers["ETag"]}
    assert user.patch(path, {"name": "New"}, headers=tag).status_code == 200
    assert user.patch(path, {"name": "Newer"}, headers=tag).status_code == 412
    assert names(user) == ["New"]


def test_views_are_for_the_signed_in(app: Flask) -> None:
    assert app.test_client().get(f"/api/v1{PATH}").status_code == 401
