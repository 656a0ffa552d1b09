"""A process that lives the whole road of money, and dies where it is told to.

`python -m tests.payments.victim` says `ready`, then reads orders from its standard input, one JSON
a line: `{"fault": a point or "", "after": seconds or null, …}`. Each is lived by a child, which
dies by SIGKILL at the point or after the seconds; the answer is a line with the child's `signal`
and exit `code`. Every step may be repeated, so the same order without a fault ends the road.
An order with `rehearsal` is lived by the process itself, which then says `rehearsed`.
"""

from __future__ import annotations

import json
import math
import os
import signal
import sys
import time
import traceback
from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import create_app
from app.core import jobs
from app.core.actor import SYSTEM
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.payments import service
from app.payments.gateways.base import GatewayUnreachable
from app.payments.lifecycle import OPEN_WITHDRAWALS, DepositStatus
from app.payments.models import Deposit, PaymentKind, Withdrawal

DEPOSIT, FEE, CAP, PLATFORM_FEE, COMMISSION = 10_000, 6_000, 1_000, 500, 400
WITHDRAWN, REPEATED = 2_000, 1_000
# More than is available when it is taken back: the commission that comes after it pays the rest.
TAKEN_BACK = 3_200
# What a complete road leaves, however often parts of it were repeated.
LEFT_IN_WALLET = DEPOSIT - FEE - PLATFORM_FEE - COMMISSION + TAKEN_BACK
LEFT_AVAILABLE = FEE + COMMISSION - WITHDRAWN - REPEATED - TAKEN_BACK
DONE = {"paid": 2, "failed": 1}


def main() -> None:
    """Live what is ordered until the input ends."""
    app = create_app()
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        if order.get("rehearsal"):
            _rehearse(app, order)
            continue
        child = os.fork()
        if child == 0:
            _in_child(app, order)
        if order.get("after") is not None:
            time.sleep(order["after"])
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        signalled = os.WIFSIGNALED(status)
        report = {
            "signal": os.WTERMSIG(status) if signalled else 0,
            "code": None if signalled else os.WEXITSTATUS(status),
        }
        print(json.dumps(report), flush=True)


def _rehearse(app: Flask, order: dict[str, Any]) -> None:
    """Live a road here, so that the children inherit what the first road makes: mappers, compiled
    statements, schemas. No connection is left that they could share."""
    jobs._silent_until = math.inf  # no ring to the broker, whose connection would stay
    with app.app_context():
        _live(app, order)
        db.session.remove()
        db.engine.dispose()
    jobs._silent_until = 0.0
    print("rehearsed", flush=True)


def _in_child(app: Flask, order: dict[str, Any]) -> None:
    app.config["ACCORD"] = replace(app.config["ACCORD"], fault=order["fault"])
    code = 0
    try:
        with app.app_context():
            db.engine.dispose(close=False)  # connections do not survive a fork
            _live(app, order)
    except BaseException:
        traceback.print_exc()
        code = 1
    finally:
        os._exit(code)


def _live(app: Flask, order: dict[str, Any]) -> None:
    _ask(app, "POST", "/sponsor/deposits", order["sponsor"], "deposit", _deposit_of())
    for row_id in _ids(Deposit, Deposit.sponsor_id == order["sponsor_id"], DepositStatus.OPEN):
        service.open_deposit(row_id)
    unit_of_work(lambda: _hold(order))
    unit_of_work(lambda: _release(order))
    service.mature_due()
    _withdraw(app, order, "one", WITHDRAWN)
    _pay_details(app, order, "fails")
    _withdraw(app, order, "two", REPEATED)
    _pay_details(app, order, "pays")
    _retry(app, order)
    unit_of_work(lambda: _take_back(order))
    unit_of_work(lambda: _commission(order))


def _hold(order: dict[str, Any]) -> None:
    service.hold(
        SYSTEM,
        reference=order["reference"],
        sponsor_id=order["sponsor_id"],
        currency="EUR",
        fee=FEE,
        commission_cap=CAP,
        platform_fee=PLATFORM_FEE,
    )


def _release(order: dict[str, Any]) -> None:
    reference, earner = order["reference"], order["influencer_id"]
    service.release(
        SYSTEM,
        reference=reference,
        milestone="all",
        influencer_id=earner,
        amount=FEE,
        hold_days=0,
    )
    service.charge_platform_fee(SYSTEM, reference=reference, milestone="all", amount=PLATFORM_FEE)


def _commission(order: dict[str, Any]) -> None:
    reference, earner = order["reference"], order["influencer_id"]
    service.release(
        SYSTEM,
        reference=reference,
        milestone="commission",
        influencer_id=earner,
        amount=COMMISSION,
        hold_days=0,
        kind=PaymentKind.COMMISSION,
    )
    service.refund(SYSTEM, reference=reference, milestone="unused", amount=CAP - COMMISSION)


def _take_back(order: dict[str, Any]) -> None:
    service.claw_back(
        SYSTEM,
        reference=order["reference"],
        milestone="all",
        amount=TAKEN_BACK,
        reason="The goods came back.",
        key="road",
    )


def _withdraw(app: Flask, order: dict[str, Any], key: str, amount: int) -> None:
    body = {"amount": {"amount": amount, "currency": "EUR"}}
    _ask(app, "POST", "/influencer/withdrawals", order["influencer"], key, body)
    _send(app, order)


def _retry(app: Flask, order: dict[str, Any]) -> None:
    failed = select(Withdrawal.id).where(
        Withdrawal.influencer_id == order["influencer_id"],
        Withdrawal.status == "failed",
    )
    for row_id in _listed(failed):
        _ask(app, "POST", f"/admin/payouts/{row_id}/retry", order["admins"][0])
    _send(app, order)


def _send(app: Flask, order: dict[str, Any]) -> None:
    mine = Withdrawal.influencer_id == order["influencer_id"]
    for row_id in _ids(Withdrawal, mine, *OPEN_WITHDRAWALS):
        for admin in order["admins"]:
            _ask(app, "POST", f"/admin/payouts/{row_id}/approve", admin)
        try:
            service.pay_out(row_id)
        except GatewayUnreachable:
            service.pay_out(row_id)


def _pay_details(app: Flask, order: dict[str, Any], account: str) -> None:
    body = {"method": "sandbox", "account": account}
    _ask(app, "PUT", "/influencer/payout-details", order["influencer"], body=body)


def _ask(app: Flask, method: str, path: str, token: str, key: str = "", body: Any = None) -> None:
    headers = {"Authorization": token} | ({"Idempotency-Key": key} if key else {})
    answer = app.test_client().open(f"/api/v1{path}", method=method, json=body, headers=headers)
    # A 409 is what a step answers that was done before.
    assert answer.status_code in (200, 201, 409), (path, answer.status_code, answer.text)


def _ids(model: type[Deposit] | type[Withdrawal], whose: Any, *statuses: Any) -> list[str]:
    return _listed(select(model.id).where(whose, model.status.in_(statuses)))


def _listed(statement: Any) -> list[str]:
    found = list(db.session.scalars(statement))
    db.session.rollback()
    return found


def _deposit_of() -> dict[str, Any]:
    return {"amount": {"amount": DEPOSIT, "currency": "EUR"}, "gateway": "sandbox"}


if __name__ == "__main__":
    main()
