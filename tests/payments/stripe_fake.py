"""A Stripe that answers on this machine, with objects of the shape of Stripe's own.

It keeps idempotency keys as Stripe does (the same key gives the same answer, refusals included, and
the same key with other parameters is refused), counts what it really did, and can be told to lose
its answer after it acted, to refuse, or to end the process that asks.
"""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import RLock, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import stripe

RECORDINGS = Path(__file__).parent / "recordings"
KEY = "sk_test_fake_of_the_tests"
SECRETS = ("whsec_platform_of_the_tests", "whsec_connect_of_the_tests")


def recording(name: str, **changes: Any) -> dict[str, Any]:
    """A recorded object of Stripe's, with other values."""
    found: dict[str, Any] = json.loads((RECORDINGS / f"{name}.json").read_text())
    return {**found, **changes}


@dataclass
class Trouble:
    """What goes wrong with the next calls of `method path`: `lose` acts and gives no answer,
    `kill` acts and ends the process `victim`, `break` answers 500, `deny` 401, else a recorded
    refusal."""

    path: str
    what: str
    times: int = 1
    victim: int = 0


@dataclass
class Refusal(Exception):
    status: int
    body: dict[str, Any]


@dataclass
class StripeFake:
    """`made` counts what was created, by path; `calls` what was asked, retries included."""

    made: Counter[str] = field(default_factory=Counter)
    calls: list[tuple[str, str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    answered: dict[str, tuple[str, dict[str, Any] | Refusal]] = field(default_factory=dict)
    balance: list[dict[str, Any]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)
    payout_status: str = "paid"
    payouts_enabled: bool = True

    def start(self) -> None:
        """Listen on a free port."""
        fake = self

        class Handler(_Handler):
            stripe_fake = fake

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Listen no more."""
        self.server.shutdown()
        self.server.server_close()

    def reset(self) -> None:
        """Forget everything."""
        for kept in (
            self.made,
            self.calls,
            self.things,
            self.answered,
            self.balance,
            self.troubles,
        ):
            kept.clear()
        self.payout_status = "paid"
        self.payouts_enabled = True

    # --- what tests do at Stripe ----------------------------------------------------------------

    def pay(self, session_id: str) -> dict[str, Any]:
        """The payer pays a Checkout Session."""
        paid = self.change(
            session_id, status="complete", payment_status="paid", payment_intent=f"pi_{session_id}"
        )
        fee = paid["amount_total"] * 15 // 1000 + 25
        self.book(paid["amount_total"], fee=fee, currency=paid["currency"])
        return paid

    def book(self, amount: int, **values: Any) -> dict[str, Any]:
        """A line of the balance: a charge with its fee, or what `values` say."""
        name = f"txn_{len(self.balance) + 1}"
        fee = values.get("fee", 0)
        line = recording("balance_transaction", id=name, amount=amount, net=amount - fee)
        line |= {"fee": fee, **values}
        self.balance.append(line)
        return line

    def change(self, thing_id: str, **values: Any) -> dict[str, Any]:
        """An object after something happened to it."""
        with self.lock:
            self.things[thing_id].update(values)
            return dict(self.things[thing_id])

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Every object of a kind, the oldest first."""
        return [thing for thing in self.things.values() if thing["object"] == kind]

    # --- what it answers ------------------------------------------------------------------------

    def answer(
        self, method: str, path: str, values: dict[str, str], headers: dict[str, str]
    ) -> dict[str, Any]:
        """The answer to a call. Raises Refusal."""
        key = headers.get("idempotency-key", "")
        account = headers.get("stripe-account", "")
        with self.lock:
            if method == "GET":
                return self._read(path, values, account)
            asked = _asked(path, values, account)
            if key and key in self.answered:
                kept, thing = self.answered[key]
                if kept != asked:
                    raise Refusal(400, _error("idempotency_error", "Keys can only be used once."))
                if isinstance(thing, Refusal):
                    raise thing
                return thing
            thing = self._create(path, values, account)
            self.made[path] += 1
            if key:
                self.answered[key] = (asked, thing)
            return thing

    def refuse(
        self, what: str, path: str, values: dict[str, str], headers: dict[str, str]
    ) -> dict[str, Any]:
        """A recorded refusal, which is kept under the call's key as every first answer is."""
        refusal = Refusal(400, recording(what))
        with self.lock:
            asked = _asked(path, values, headers.get("stripe-account", ""))
            key = headers.get("idempotency-key", "")
            if key:
                self.answered.setdefault(key, (asked, refusal))
        return refusal.body

    def _read(self, path: str, values: dict[str, str], account: str) -> dict[str, Any]:
        if path == "/v1/balance":
            return {"object": "balance", "livemode": False, "available": [], "pending": []}
        if path == "/v1/balance_transactions":
            since = int(values["created[gte]"])
            lines = [line for line in self.balance if line["created"] >= since]
            return _list(path, lines)
        if path == "/v1/transfers":
            group = values["transfer_group"]
            return _list(path, [t for t in self.of("transfer") if t["transfer_group"] == group])
        if path == "/v1/payouts":
            ours = [p for p in self.of("payout") if p["_account"] == account]
            return _list(path, ours)
        name = path.rpartition("/")[2]
        thing = self.things.get(name)
        if thing is None and path.startswith("/v1/accounts/"):
            # An account that was connected before the test began.
            return recording("account", id=name, payouts_enabled=self.payouts_enabled)
        if thing is None:
            raise Refusal(404, _error("invalid_request_error", "No such object."))
        return thing

    def _create(self, path: str, values: dict[str, str], account: str) -> dict[str, Any]:
        number = len(self.things) + 1
        if path == "/v1/checkout/sessions":
            amount = int(values["line_items[0][price_data][unit_amount]"])
            if amount < 50:
                raise Refusal(400, recording("error_amount_too_small"))
            thing = recording(
                "checkout_session",
                id=f"cs_test_{number}",
                amount_total=amount,
                amount_subtotal=amount,
                currency=values["line_items[0][price_data][currency]"],
                client_reference_id=values["client_reference_id"],
                metadata={"deposit_id": values["metadata[deposit_id]"]},
                success_url=values["success_url"],
                cancel_url=values["cancel_url"],
                url=f"https://checkout.stripe.com/c/pay/cs_test_{number}",
            )
        elif path == "/v1/transfers":
            thing = recording(
                "transfer",
                id=f"tr_{number}",
                amount=int(values["amount"]),
                currency=values["currency"],
                destination=values["destination"],
                transfer_group=values["transfer_group"],
                metadata={"withdrawal_id": values["metadata[withdrawal_id]"]},
            )
        elif path.endswith("/reversals"):
            name = path.split("/")[3]
            amount = self.things[name]["amount"]
            self.change(name, reversed=True, amount_reversed=amount)
            thing = recording("transfer_reversal", id=f"trr_{number}", transfer=name, amount=amount)
        elif path == "/v1/payouts":
            thing = recording(
                "payout",
                id=f"po_{number}",
                amount=int(values["amount"]),
                currency=values["currency"],
                metadata={"withdrawal_id": values["metadata[withdrawal_id]"]},
                status=self.payout_status,
                failure_message="The bank account has been closed."
                if self.payout_status == "failed"
                else None,
                _account=account,
            )
        elif path == "/v1/accounts":
            thing = recording("account", id=f"acct_{number}", email=values["email"])
        else:
            assert path == "/v1/account_links", path
            return recording("account_link")
        self.things[thing["id"]] = thing
        return thing

    def trouble(self, path: str) -> Trouble | None:
        """What is to go wrong with this call."""
        for found in self.troubles:
            if found.path == path and found.times > 0:
                found.times -= 1
                return found
        return None


def signed(
    kind: str, thing: dict[str, Any], *, event_id: str = "evt_1", secret: str = SECRETS[0],
    at: int | None = None, account: str | None = None,
) -> tuple[bytes, dict[str, str]]:  # fmt: skip
    """A webhook as Stripe sends it: body and headers. `account` is the connected account that it
    is of, whose events name it."""
    event = recording("event", id=event_id, type=kind, data={"object": thing})
    if account is not None:
        event["account"] = account
    body = json.dumps(event)
    header = stripe.WebhookSignature.generate_signature_header(body, secret, timestamp=at)
    return body.encode(), {"Stripe-Signature": header, "Content-Type": "application/json"}


class _Handler(BaseHTTPRequestHandler):
    stripe_fake: StripeFake

    def do_GET(self) -> None:
        """Read."""
        self._serve("GET")

    def do_POST(self) -> None:
        """Create."""
        self._serve("POST")

    def _serve(self, method: str) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        values = dict(parse_qsl(parts.query)) | dict(parse_qsl(body))
        headers = {name.lower(): value for name, value in self.headers.items()}
        fake = self.stripe_fake
        fake.calls.append((method, parts.path, values, headers))
        trouble = fake.trouble(f"{method} {parts.path}")
        what = trouble.what if trouble else ""
        if what.startswith("error_"):
            return self._send(400, fake.refuse(what, parts.path, values, headers))
        if what == "deny":
            return self._send(401, _error("invalid_request_error", "Invalid API Key provided."))
        if what == "break":
            return self._send(500, _error("api_error", "Something went wrong on our end."))
        try:
            status, answer = 200, fake.answer(method, parts.path, values, headers)
        except Refusal as refusal:
            status, answer = refusal.status, refusal.body
        if what == "kill" and trouble is not None:
            os.kill(trouble.victim, signal.SIGKILL)
        if what in ("lose", "kill"):
            self.close_connection = True
            return None
        return self._send(status, {k: v for k, v in answer.items() if not k.startswith("_")})

    def _send(self, status: int, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Request-Id", "req_of_the_tests")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def _asked(path: str, values: dict[str, str], account: str) -> str:
    return json.dumps([path, account, sorted(values.items())])


def _list(url: str, things: list[dict[str, Any]]) -> dict[str, Any]:
    data = [{k: v for k, v in thing.items() if not k.startswith("_")} for thing in things]
    return {"object": "list", "url": url, "has_more": False, "data": data}


def _error(kind: str, message: str) -> dict[str, Any]:
    return {"error": {"type": kind, "message": message}}
