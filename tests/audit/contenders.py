"""What other processes do in the tests of the audit trail (see `tests.services.contender`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine

from app.audit import chain


def chain_in_a_minute() -> int:
    """Chain as the job does once the last entries are old enough."""
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1), tick=True):
        return chain.extend()
