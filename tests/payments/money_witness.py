"""A second pair of eyes on the money of a test: it sees what was committed, and nothing else."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from app.core.extensions import db
from app.payments.invariants import CHECKS

_BALANCES = "SELECT kind, reference, balance FROM accounts"


class Witness:
    """Reads the balances and the proofs of a small SQLite database over a connection of its own.

    To build the statements of the proofs takes far longer than to run them on the rows of one
    life. So the statements are kept as the proofs send them, and sent again; each finds a row only
    where its proof is broken. `CHECKS` itself stays the judge at the end of each life.
    """

    def __init__(self) -> None:
        db.session.rollback()
        self.connection = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
        self.connection.execute("PRAGMA synchronous = OFF")
        self.start = sqlite3.connect(":memory:")
        self.connection.backup(self.start)
        self.proofs = {name: _sent_by(proof) for name, (proof, _) in CHECKS.items()}

    def back_to_the_start(self) -> None:
        """Make the database what it was when the witness came."""
        db.session.remove()
        self.start.backup(self.connection)

    def balances(self) -> dict[tuple[str, str], int]:
        """The balance of every account, by its kind and reference."""
        rows = self.connection.execute(_BALANCES).fetchall()
        found = {(kind, reference): balance for kind, reference, balance in rows}
        assert len(found) == len(rows), "two people share a kind of account"
        return found

    def broken(self) -> list[str]:
        """The proofs that do not hold, judged at the time when the witness came."""
        return [
            name
            for name, statements in self.proofs.items()
            if any(self.connection.execute(*sent).fetchone() for sent in statements)
        ]

    def leave(self) -> None:
        """Close what it opened."""
        self.connection.close()
        self.start.close()


def _sent_by(proof: Callable[[], str | None]) -> list[tuple[str, Any]]:
    sent: list[tuple[str, Any]] = []

    def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        sent.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", keep)
    try:
        assert proof() is None
    finally:
        event.remove(db.engine, "before_cursor_execute", keep)
        db.session.rollback()
    return [each for each in sent if each[0] != "BEGIN"]
