"""Transitions: checked, compared and set, and recorded."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.core.actor import SYSTEM, UserStatus
from app.core.errors import RefusedTransition
from app.core.extensions import db
from app.core.lifecycle import Lifecycle, StateChange, history
from app.core.transaction import unit_of_work
from app.identity.lifecycle import USER, UserEvent
from app.identity.models import User
from tests.factories.identity import make_influencer
from tests.services.contention import contend


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


class Turn(StrEnum):
    GO = "go"
    STOP = "stop"


LIGHT = Lifecycle("light", {Light.RED: {Turn.GO: Light.GREEN}, Light.GREEN: {Turn.STOP: Light.RED}})


def test_the_table_says_what_is_possible() -> None:
    assert LIGHT.allows(Light.RED, Turn.GO)
    assert not LIGHT.allows(Light.RED, Turn.STOP)
    assert LIGHT.events(Light.GREEN) == (Turn.STOP,)
    assert LIGHT.target(Light.GREEN, Turn.STOP) is Light.RED


def test_a_refusal_says_where_the_subject_is() -> None:
    with pytest.raises(RefusedTransition) as caught:
        LIGHT.target(Light.RED, Turn.STOP)
    assert caught.value.extra == {"state": "red", "event": "stop"}
    assert "This light is red" in str(caught.value)


def test_a_move_sets_the_columns_that_come_with_it_and_is_recorded(app: Flask) -> None:
    person = make_influencer()

    def work() -> int:
        user = db.session.get_one(User, person.user_id)
        before = user.version
        USER.move(user, SYSTEM, UserEvent.SUSPEND, note="Spam", status_reason="Spam")
        assert (user.status, user.version, user.status_reason) == (
            UserStatus.SUSPENDED,
            before + 1,
            "Spam",
        )
        return before

    before = unit_of_work(work)
    kept = unit_of_work(lambda: db.session.get_one(User, person.user_id))
    assert (kept.status, kept.version, kept.status_reason) == (
        UserStatus.SUSPENDED,
        before + 1,
        "Spam",
    )
    (change,) = history(person.user_id)
    assert (change.before, change.after, change.event, change.actor, change.note) == (
        "active",
        "suspended",
        "suspend",
        "system",
        "Spam",
    )


def test_a_move_that_is_undone_leaves_no_history(app: Flask) -> None:
    person = make_influencer()

    def work() -> None:
        USER.move(db.session.get_one(User, person.user_id), SYSTEM, UserEvent.SUSPEND)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        unit_of_work(work)
    assert history(person.user_id) == []


@pytest.mark.parametrize(
    "meanwhile", [{"version": User.version + 1}, {"status": UserStatus.CLOSED}]
)
def test_a_row_that_moved_on_since_it_was_read_is_left_alone(
    app: Flask, meanwhile: dict[str, object]
) -> None:
    person = make_influencer()

    def work() -> None:
        user = db.session.get_one(User, person.user_id)
        # What another transaction did between the read and the move.
        db.session.execute(
            update(User)
            .where(User.id == user.id)
            .values(**meanwhile)
            .execution_options(synchronize_session=False)
        )
        USER.move(user, SYSTEM, UserEvent.SUSPEND)

    with pytest.raises(RefusedTransition, match="at the same moment"):
        unit_of_work(work)
    assert history(person.user_id) == []


def test_changes_made_before_the_move_are_kept_with_it(app: Flask) -> None:
    person = make_influencer()

    def work() -> None:
        user = db.session.get_one(User, person.user_id)
        user.name = "Another name"
        USER.move(user, SYSTEM, UserEvent.SUSPEND)

    unit_of_work(work)
    kept = unit_of_work(lambda: db.session.get_one(User, person.user_id))
    assert (kept.name, kept.status) == ("Another name", UserStatus.SUSPENDED)


@pytest.mark.process
def test_of_many_who_move_at_once_one_wins(app: Flask, environ: dict[str, str]) -> None:
    person = make_influencer()
    results = contend(
        environ,
        "tests.core.contenders:suspend",
        {"user_id": person.user_id},
        times=10,
        threads=5,
    )
    outcomes = Counter(
        result if isinstance(result, str) else result["refused"] for result in results
    )
    assert outcomes == {"suspended": 1, "refused-transition": 19}
    assert len(db.session.scalars(select(StateChange)).all()) == len(history(person.user_id)) == 1
