"""Transitions are data. `move` checks one, compares-and-sets it and records it.

A lifecycle is `{state: {event: next state}}`. Nothing else assigns a status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Index, String, Text, select, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import RefusedTransition
from app.core.extensions import db
from app.core.models import Base, UtcDateTime, id_column
from app.core.statements import changed_rows

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


class Subject(Protocol):
    """What can be moved: a row with an id, a status and a version."""

    # On the class these are columns, on a row plain values: no one type says both.
    id: Any
    version: Any


@dataclass(frozen=True)
class Lifecycle(Generic[S, E]):
    """The transition table of one kind of subject. `column` names its status attribute."""

    subject: str
    table: Mapping[S, Mapping[E, S]]
    column: str = "status"

    def allows(self, state: S, event: E) -> bool:
        """Whether `event` leads anywhere from `state`."""
        return event in self.table.get(state, {})

    def events(self, state: S) -> tuple[E, ...]:
        """Every event that `state` knows."""
        return tuple(self.table.get(state, {}))

    def target(self, state: S, event: E) -> S:
        """The next state; raises RefusedTransition where there is none."""
        try:
            return self.table[state][event]
        except KeyError:
            raise RefusedTransition(
                f"This {self.subject} is {state.value.replace('_', ' ')}: "
                f"{event.value.replace('_', ' ')} is not possible.",
                state=state.value,
                event=event.value,
            ) from None

    def move(
        self, subject: Subject, by: Actor, event: E, *, note: str | None = None, **columns: Any
    ) -> S:
        """Move `subject` along `event`, set `columns` with it, and record who did it.

        The row is changed only if it still stands where it was read (state and version): of two
        concurrent moves one wins and the other raises RefusedTransition.
        """
        model = type(subject)
        before: S = getattr(subject, self.column)
        after = self.target(before, event)
        db.session.flush()
        values: dict[str, Any] = {
            self.column: after,
            "version": subject.version + 1,
            **columns,
        }
        if hasattr(model, "updated_at"):
            values.setdefault("updated_at", now())
        statement = (
            update(model)
            .where(
                model.id == subject.id,
                getattr(model, self.column) == before,
                model.version == subject.version,
            )
            .values(values)
            .execution_options(synchronize_session=False)
        )
        if changed_rows(statement) != 1:
            raise RefusedTransition(
                f"Someone else changed this {self.subject} at the same moment; load it again.",
                state=before.value,
                event=event.value,
            )
        for name, value in values.items():
            set_committed_value(subject, name, value)
        db.session.add(
            StateChange(
                subject_type=self.subject,
                subject_id=subject.id,
                before=before.value,
                after=after.value,
                event=event.value,
                actor=by.label,
                actor_role=by.role.value,
                note=note,
            )
        )
        return after


class StateChange(Base):
    """One move of one subject: its history, oldest first."""

    __tablename__ = "state_changes"
    __table_args__ = (Index(None, "subject_id", "at"),)

    id: Mapped[str] = id_column("chg")
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(32))
    before: Mapped[str] = mapped_column(String(40))
    after: Mapped[str] = mapped_column(String(40))
    event: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(32))
    actor_role: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


def latest(most: int, *subject_ids: str) -> list[StateChange]:
    """The last moves of the subjects, at most `most`, oldest first."""
    found = db.session.scalars(
        select(StateChange)
        .where(StateChange.subject_id.in_(subject_ids))
        .order_by(StateChange.at.desc(), StateChange.id.desc())
        .limit(most)
    )
    return list(found)[::-1]


def history(*subject_ids: str) -> list[StateChange]:
    """The moves of the subjects, oldest first."""
    return list(
        db.session.scalars(
            select(StateChange)
            .where(StateChange.subject_id.in_(subject_ids))
            .order_by(StateChange.at, StateChange.id)
        )
    )
