"""What the tests of payments send, and how they read what came of it."""

from __future__ import annotations

import json
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Select, func, select

from app.core.clock import now
from app.core.extensions import db
from app.core.models import Base
from app.core.signed_messages import sign
from app.payments.gateways.base import GatewayFact
from app.payments.gateways.registry import gateways
from app.payments.gateways.sandbox import SandboxGateway

DEPOSITS = "/api/v1/sponsor/deposits"
EVENTS = "/api/v1/public/gateways/sandbox/events"
BODY = {"amount": {"amount": 12_500, "currency": "EUR"}, "gateway": "sandbox"}

# JSON of an amount that is no money.
BAD_AMOUNTS = [
    '{"amount": NaN, "currency": "EUR"}',
    '{"amount": Infinity, "currency": "EUR"}',
    '{"amount": 1.5, "currency": "EUR"}',
    '{"amount": 1.0, "currency": "EUR"}',
    '{"amount": 1e3, "currency": "EUR"}',
    '{"amount": true, "currency": "EUR"}',
    '{"amount": "100", "currency": "EUR"}',
    '{"amount": null, "currency": "EUR"}',
    '{"amount": -100, "currency": "EUR"}',
    '{"amount": 0, "currency": "EUR"}',
    '{"amount": 1000000000001, "currency": "EUR"}',
    '{"amount": 1000000000000000000000000000000, "currency": "EUR"}',
    '{"amount": 100, "currency": "XXQ"}',
    '{"amount": 100, "currency": "eur"}',
    '{"amount": 100, "currency": "EUR\\n"}',
    '{"amount": 100}',
    '{"currency": "EUR"}',
    '{"amount": 100, "amount": 100, "currency": "EUR"}',
    '{"amount": 100, "currency": "EUR", "more": 1}',
    '[100, "EUR"]',
    "100",
    "null",
]


def deposit(client: FlaskClient, headers: dict[str, str], key: str = "k1", **changes: Any) -> Any:
    """Ask to pay 125.00 EUR into the wallet."""
    return client.post(
        DEPOSITS, json={**BODY, **changes}, headers={**headers, "Idempotency-Key": key}
    )


def available(client: FlaskClient, headers: dict[str, str]) -> int:
    """What the wallet of one currency has available."""
    [balance] = read(client, "/api/v1/sponsor/wallet", headers)["balances"]
    return int(balance["available"])


def read(client: FlaskClient, path: str, headers: dict[str, str]) -> Any:
    """The JSON of an answer."""
    return client.get(path, headers=headers).json


def sandbox_secret() -> bytes:
    """What the sandbox signs its events with."""
    sandbox = gateways()["sandbox"]
    assert isinstance(sandbox, SandboxGateway)
    return sandbox.secret


def event(
    client: FlaskClient, fact: GatewayFact, *, secret: bytes | None = None, **headers: str
) -> Any:
    """Deliver an event of the sandbox, signed; `headers` replace those of the signature."""
    body = json.dumps({k: v for k, v in fact.as_json().items() if k != "event_id"}).encode()
    signed = sign(secret or sandbox_secret(), message_id=fact.event_id, at=now(), body=body)
    return client.post(EVENTS, data=body, headers={**signed, **headers})


def count(model: type[Base]) -> int:
    """How many rows there are."""
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def first(statement: Select[Any]) -> Any:
    """The first row of a statement that has one."""
    row = db.session.scalars(statement).first()
    assert row is not None
    return row
