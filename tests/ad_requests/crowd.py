"""A process of its own that acts on agreements at a given moment, with several threads.

`python -m tests.ad_requests.crowd` says `ready`, then reads orders from its standard input, one
JSON a line: `{"at": seconds since the epoch, "calls": [[path, body, token]], "expire": id,
"pay_out": id}`. It waits for the moment, does everything at once and prints what came of it:
`{"statuses": [...], "expired": bool}`.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask

from app import create_app
from app.ad_requests import service
from app.core.errors import DomainError
from app.core.transaction import unit_of_work
from app.payments import service as payments

THREADS = 8
TRIES_FOR_SECONDS = 0.5


def main() -> None:
    """Do what is asked for until the input ends."""
    app = create_app()
    print("ready", flush=True)
    with ThreadPoolExecutor(THREADS) as pool:
        for line in sys.stdin:
            order = json.loads(line)
            time.sleep(max(0, order["at"] - time.time()))
            if order.get("pay_out"):
                pay_out(app, order["pay_out"])
            calls = [pool.submit(call, app, *one) for one in order.get("calls", [])]
            expired = bool(order.get("expire")) and expire(app, order["expire"])
            statuses = [found.result() for found in calls]
            print(json.dumps({"statuses": statuses, "expired": expired}), flush=True)


def call(app: Flask, path: str, body: dict[str, Any], token: str) -> int:
    """The status of one POST."""
    answer = app.test_client().post(path, json=body, headers={"Authorization": token})
    return answer.status_code


def pay_out(app: Flask, withdrawal_id: str) -> None:
    """Send a withdrawal, unless somebody ended it first."""
    with app.app_context():
        payments.pay_out(withdrawal_id)


def expire(app: Flask, ad_request_id: str) -> bool:
    """Try to let an offer expire for a while; whether this did it."""
    ends = time.time() + TRIES_FOR_SECONDS
    while time.time() < ends:
        with app.app_context():
            try:
                unit_of_work(lambda: service.expire(ad_request_id))
            except DomainError:
                time.sleep(0.01)
            else:
                return True
    return False


if __name__ == "__main__":
    main()
