"""Entries of the bank that were booked before keep counting: their names are read off the lines."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.extensions import db
from app.payments.gateways.manual import reference_of
from tests.migrations.test_migrations import columns_of, old_row
from tests.migrations.test_migrations import empty as empty

PAYOUT = "wdr_01k9aaaaaaaaaaaaaaaaaaaaaa"


def test_lines_that_were_booked_before_know_the_entry_of_the_bank(empty: Flask) -> None:
    upgrade(revision="0007")
    reference = reference_of(PAYOUT)
    lines = {
        "gen_1": ("manual", "in/77", "dep_1", 5, "IN/77"),
        "gen_2": ("manual", f"out:1:{reference}", PAYOUT, -5, "OUT:1"),
        "gen_3": ("manual", f"in/78:{reference}:back", PAYOUT, 5, "IN/78"),
        "gen_4": ("stripe", "tr_1", PAYOUT, -5, None),
    }
    for name, (gateway, line, subject, amount, _) in lines.items():
        old_row(
            "gateway_entries", id=name, gateway=gateway, external_id=line, subject=subject,
            amount=amount, currency="EUR",
        )  # fmt: skip
    upgrade(revision="0008")
    for name, (*_, entry) in lines.items():
        assert columns_of("gateway_entries", name, "statement_id") == (entry,)
    with pytest.raises(DBAPIError), db.engine.begin() as connection:
        connection.execute(text("UPDATE gateway_entries SET amount = 1"))
    downgrade(revision="0007")
