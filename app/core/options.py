"""Figures that an admin may change while the platform runs: deadlines, fees, windows, switches.

A domain declares its options beside the code that reads them (`OFFER_HOURS = Option(...)`); the
table holds only what an admin has set to something else than the default.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import JSON, String, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Invalid
from app.core.extensions import db
from app.core.models import Base, UtcDateTime

T = TypeVar("T", int, bool, float)


class OptionValue(Base):
    """The value that an admin gave an option."""

    __tablename__ = "option_values"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    set_by: Mapped[str] = mapped_column(String(32))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


@dataclass(frozen=True)
class Option(Generic[T]):
    """One figure with its default, bounds and what it is for (shown to the admin)."""

    name: str
    default: T
    purpose: str
    lowest: float | None = None
    highest: float | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        _options[self.name] = self

    def get(self) -> T:
        """The value in force; the first read of a transaction reads them all, for the rest."""
        values = _in_force()
        return type(self.default)(values[self.name]) if self.name in values else self.default

    def set(self, actor: Actor, value: Any) -> None:
        """Put another value into force, inside a unit of work. Raises Invalid."""
        db.session.merge(
            OptionValue(name=self.name, value=self.checked(value), set_by=actor.label, set_at=now())
        )
        db.session.flush()
        db.session.info.pop(_KEPT, None)

    def checked(self, value: Any) -> T:
        """`value`, if it is of the option's type and within its bounds; raises Invalid."""
        wanted = type(self.default)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if wanted is bool and not isinstance(value, bool):
            raise Invalid(**{self.name: "Give true or false."})
        if wanted is int and not (isinstance(value, int) and number):
            raise Invalid(**{self.name: "Give a whole number."})
        if wanted is float and not number:
            raise Invalid(**{self.name: "Give a number."})
        if number and (
            (self.lowest is not None and value < self.lowest)
            or (self.highest is not None and value > self.highest)
        ):
            raise Invalid(**{self.name: f"Give a number from {self.lowest} to {self.highest}."})
        return wanted(value)


_options: dict[str, Option[Any]] = {}
_KEPT = "option_values"


def _in_force() -> dict[str, Any]:
    kept: dict[str, Any] | None = db.session.info.get(_KEPT)
    if kept is None:
        rows = db.session.execute(select(OptionValue.name, OptionValue.value))
        kept = {row.name: row.value for row in rows}
        db.session.info[_KEPT] = kept
    return kept


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, _transaction: Any) -> None:
    session.info.pop(_KEPT, None)


def all_options() -> tuple[Option[Any], ...]:
    """Every declared option, by name."""
    return tuple(_options[name] for name in sorted(_options))
