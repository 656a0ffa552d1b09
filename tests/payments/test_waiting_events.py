"""A gateway event that can never be applied has a way out that an admin answers for."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from app.audit.models import AuditEntry
from app.core.clock import now
from app.core.extensions import db
from app.payments import service
from app.payments.models import GatewayEvent
from tests.factories import payments as make
from tests.factories.identity import bearer
from tests.payments import wire
from tests.payments.test_gateway_events import settled
from tests.payments.wire import available, deposit, event

PATH = "/api/v1/admin/gateway-events"
REASON = {"reason": "It is of the old test server."}


@pytest.fixture
def headers(client):
    return bearer(make.sponsor())


@pytest.fixture
def admin(client):
    return bearer(make.admin())


def waits() -> bool:
    """Whether the proof says that an event waits."""
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        found = {check.name: check.ok for check in service.check_ledger()}
    db.session.rollback()
    return not found["gateway_events_are_applied"]


def test_an_event_that_can_never_be_applied_is_set_aside_with_a_reason(client, headers, admin):
    deposit_id = deposit(client, headers).json["id"]
    event(client, settled(deposit_id, amount=12_501))
    [waiting] = wire.read(client, PATH, admin)["items"]
    assert (waiting["kind"], waiting["subject"]) == ("deposit.settled", deposit_id)
    assert waiting["amount"] == {"amount": 12_501, "currency": "EUR"}
    assert waiting["error"] == "the amount is not that of the deposit"
    assert waits()
    path = f"{PATH}/{waiting['id']}/set-aside"
    answer = client.post(path, json=REASON, headers=admin)
    assert (answer.status_code, answer.json["set_aside_because"]) == (200, REASON["reason"])
    assert wire.read(client, PATH, admin)["items"] == []
    assert not waits()
    assert (service.retry_waiting_events(), available(client, headers)) == (0, 0)
    [entry] = db.session.query(AuditEntry).filter_by(action="gateway_event.set_aside")
    assert entry.data["error"] == "the amount is not that of the deposit"
    kept = db.session.query(GatewayEvent).one()
    assert kept.set_aside_by == entry.actor
    again = client.post(path, json=REASON, headers=admin)
    assert (again.status_code, again.json["state"]) == (409, "set_aside")


def test_what_was_applied_is_not_set_aside(client, headers, admin):
    event(client, settled(deposit(client, headers).json["id"]))
    assert wire.read(client, PATH, admin)["items"] == []
    name = db.session.query(GatewayEvent).one().id
    answer = client.post(f"{PATH}/{name}/set-aside", json=REASON, headers=admin)
    assert (answer.status_code, answer.json["state"]) == (409, "applied")


def test_only_an_admin_with_a_reason_sets_aside(client, headers, admin):
    event(client, settled("dep_unknown"))
    [waiting] = wire.read(client, PATH, admin)["items"]
    path = f"{PATH}/{waiting['id']}/set-aside"
    assert client.get(PATH, headers=headers).status_code == 403
    assert client.post(path, json=REASON, headers=headers).status_code == 403
    assert client.post(path, json={"reason": ""}, headers=admin).status_code == 422
    assert client.post(f"{PATH}/gev_x/set-aside", json=REASON, headers=admin).status_code == 404
    assert len(wire.read(client, PATH, admin)["items"]) == 1


def test_what_was_set_aside_is_found_again_with_who_and_why(client, headers, admin):
    event(client, settled("dep_unknown"))
    event(client, settled(deposit(client, headers).json["id"], amount=1, event_id="evt_2"))
    other, mine = wire.read(client, PATH, admin)["items"]
    client.post(f"{PATH}/{other['id']}/set-aside", json=REASON, headers=admin)
    [found] = wire.read(client, f"{PATH}?state=set_aside", admin)["items"]
    assert (found["id"], found["set_aside_because"]) == (other["id"], REASON["reason"])
    assert found["set_aside_by"]["name"]
    assert found["set_aside_at"] is not None
    assert [row["id"] for row in wire.read(client, PATH, admin)["items"]] == [mine["id"]]


def test_events_are_found_by_gateway_and_subject(client, headers, admin):
    event(client, settled("dep_unknown"))
    for query, count in (
        ("gateway=sandbox", 1),
        ("gateway=stripe", 0),
        ("subject=dep_unknown", 1),
        ("subject=dep_other", 0),
    ):
        assert len(wire.read(client, f"{PATH}?{query}", admin)["items"]) == count
    assert client.get(f"{PATH}?state=applied", headers=admin).status_code == 422


def test_the_events_are_a_file_too(client, headers, admin):
    event(client, settled("dep_unknown"))
    answer = client.get(f"{PATH}.csv", headers=admin)
    assert answer.status_code == 200
    head, row = answer.text.lstrip("\ufeff").splitlines()
    assert head.startswith("id,received_at,gateway,kind,subject,amount,currency,error")
    assert ",sandbox,deposit.settled,dep_unknown,125.00,EUR,no such deposit," in row
    assert client.get(f"{PATH}.csv", headers=headers).status_code == 403
