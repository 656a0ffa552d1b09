"""The declarative base, naming of constraints, column types and mixins of every table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Dialect,
    Enum,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column

from app.core.clock import now
from app.core.ids import ID_LENGTH, new_id


class Base(DeclarativeBase):
    """Base of all models; one metadata for the whole house."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Naive values are refused on the way in, UTC comes back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def id_column(prefix: str) -> MappedColumn[str]:
    """The primary key of a table: an opaque id with `prefix`."""
    make: Callable[[], str] = lambda: new_id(prefix)  # noqa: E731
    return mapped_column(String(ID_LENGTH), primary_key=True, default=make)


def choice(values: type[StrEnum], name: str | None = None) -> Enum:
    """A column type that stores an enum's value as text, held by a CHECK constraint."""
    return Enum(
        values,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=max(24, *(len(member.value) for member in values)),
        values_callable=lambda members: [member.value for member in members],
        name=name or _snake(values.__name__),
    )


def not_negative(*columns: str) -> list[CheckConstraint]:
    """A named CHECK for each column: the amount cannot fall below zero."""
    return [CheckConstraint(f"{column} >= 0", name=f"{column}_floor") for column in columns]


class Timestamps:
    """When a row was made and last changed, in UTC."""

    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, nullable=False)
    updated_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, onupdate=now, nullable=False
    )


class Versioned:
    """A counter that grows with each change of the row; lifecycle moves compare it."""

    version: Mapped[int] = mapped_column(default=1, nullable=False)

    def touch(self) -> None:
        """Count a change of something that hangs on this row, so that its ETag moves on."""
        self.version = self.version + 1


def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


JSONValue = dict[str, Any]
