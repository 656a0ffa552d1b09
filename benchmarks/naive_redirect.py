"""The redirect as a first version of it is often written: each click looks its link up and adds a
row, through Flask-SQLAlchemy. A contender of benchmarks/redirect.py, which starts it by granian."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Flask, redirect, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


class Base(DeclarativeBase):
    """Base of the two tables."""


class Link(Base):
    """Where a code leads."""

    __tablename__ = "links"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    target: Mapped[str]


class Click(Base):
    """One click."""

    __tablename__ = "clicks"
    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("links.id"), index=True)
    at: Mapped[datetime]
    address: Mapped[str | None]
    agent: Mapped[str | None]
    referrer: Mapped[str | None]


db = SQLAlchemy(model_class=Base)


def make() -> Flask:
    """The application over the database of NAIVE_DATABASE, whose tables are made if need be."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["NAIVE_DATABASE"]
    db.init_app(app)

    @app.get("/r/<code>")
    def follow(code: str) -> Response:
        link = db.session.execute(select(Link).where(Link.code == code)).scalar_one()
        db.session.add(
            Click(
                link_id=link.id,
                at=datetime.now(UTC),
                address=request.remote_addr,
                agent=request.user_agent.string,
                referrer=request.referrer,
            )
        )
        target = link.target
        db.session.commit()
        return redirect(target)

    return app


def fill(database: str, code: str, target: str) -> None:
    """Make the tables, with one link in them."""
    os.environ["NAIVE_DATABASE"] = database
    with make().app_context():
        db.create_all()
        with db.engine.begin() as connection:
            connection.execute(insert(Link).values(code=code, target=target))
        db.engine.dispose()
