"""Orders over HTTP: proven, taken once, refused in plain words, and never billed twice."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.attribution import order_sources
from app.attribution.commissions import Withheld
from app.attribution.models import Order
from app.attribution.order_facts import OrderSourceKind
from app.attribution.signatures import key_of
from app.core.clock import now, shifted
from app.core.extensions import db, limiter
from app.core.idempotency import IdempotencyRecord
from app.core.money import Money
from app.core.signed_messages import sign
from app.reporting.ledger_proof import orders_match_commissions
from config import Settings
from tests.attribution.test_adapters import recorded
from tests.factories.ad_requests import World, agree, check_money, kept, make_world
from tests.factories.ad_requests import reload as reload_agreement
from tests.factories.identity import SignedIn
from tests.factories.orders import ago, click_id, commission, make_link, reload

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SHOPS_OWN = "shpss_0123456789abcdef"


@dataclass
class Shop:
    """A shop with a webhook, and the agreement whose link leads there."""

    client: FlaskClient
    world: World
    agreement: Any
    secret: str
    click: str

    @property
    def path(self) -> str:
        return f"/api/v1/public/orders/{self.world.sponsor.sponsor_id}"

    def body(self, **changes: Any) -> dict[str, Any]:
        """An order of 100.00 EUR, 80.00 of it net."""
        return {
            "external_id": "1001",
            "total": {"amount": 10_000, "currency": "EUR"},
            "net": {"amount": 8_000, "currency": "EUR"},
            "click_id": self.click,
            "ordered_at": now().isoformat(),
            "status": "paid",
            **changes,
        }

    def send(
        self,
        order: dict[str, Any] | bytes,
        *,
        message: str = "msg_1",
        at: datetime | None = None,
        secret: str | None = None,
        **headers: str,
    ) -> Any:
        """Sign and send a message; `headers` replace those that it would have."""
        body = order if isinstance(order, bytes) else json.dumps(order).encode()
        signed = sign(key_of(secret or self.secret), message_id=message, at=at or now(), body=body)
        changed = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(
            self.path, data=body, content_type="application/json", headers={**signed, **changed}
        )

    def send_as(self, system: str, payload: Any, *, secret: str = SHOPS_OWN, **headers: str) -> Any:
        """Send what a shop system would."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
        proof = base64.b64encode(digest).decode()
        named = {
            "shopify": {
                "X-Shopify-Topic": "orders/updated",
                "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
                "X-Shopify-Hmac-Sha256": proof,
            },
            "woocommerce": {
                "X-WC-Webhook-Topic": "order.updated",
                "X-WC-Webhook-Delivery-ID": "36e520ebabc2fa725092ff4a47acedf2",
                "X-WC-Webhook-Signature": proof,
            },
        }[system]
        return self.client.post(
            f"{self.path}/{system}",
            data=body,
            content_type="application/json",
            headers={**named, **headers},
        )


def open_shop(client: FlaskClient) -> Shop:
    world = make_world()
    agreement = agree(world, cap=50_000)
    click = click_id(make_link(world, agreement), ago(days=1))
    actor = world.sponsor.actor

    def sources() -> str:
        order_sources.add(actor, kind=OrderSourceKind.SHOPIFY, secret=SHOPS_OWN)
        order_sources.add(actor, kind=OrderSourceKind.WOOCOMMERCE, secret=SHOPS_OWN)
        order_sources.add(actor, kind=OrderSourceKind.SCRIPT)
        _row, secret = order_sources.add(actor, kind=OrderSourceKind.ACCORD)
        return secret or ""

    return Shop(client, world, agreement, kept(sources), click)


@pytest.fixture
def shop(client: FlaskClient) -> Shop:
    return open_shop(client)


def rows() -> tuple[int, ...]:
    """How many orders there are, and how many answers are kept."""
    db.session.rollback()
    return tuple(
        db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in (Order, IdempotencyRecord)
    )


def refused(answer: Any, status: int, kind: str) -> None:
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.json["type"] == kind, answer.text


# --- our own webhook ----------------------------------------------------------------------------


def test_a_signed_order_is_taken_and_paid(shop: Shop):
    answer = shop.send(shop.body())
    assert answer.status_code == 200, answer.text
    order = reload(answer.json["id"])
    assert answer.json == {
        "id": order.id,
        "external_id": "1001",
        "status": "paid",
        "verified": True,
        "taken": True,
        "reason": None,
    }
    assert order.commission.paid_amount == 640
    assert check_money(shop.world, shop.agreement).commission_paid_amount == 640


def test_a_replayed_message_gets_the_same_answer_and_pays_nothing(shop: Shop):
    body, at = json.dumps(shop.body()).encode(), now()
    answers = [shop.send(body, at=at) for _ in range(3)]
    refund = shop.send(
        shop.body(status="refunded", refunded={"amount": 2_500, "currency": "EUR"}), message="msg_2"
    )
    assert refund.json["status"] == "partly_refunded"
    answers.append(shop.send(body, at=at))
    assert {(answer.status_code, answer.data) for answer in answers} == {(200, answers[0].data)}
    entry = commission(answers[0].json["id"])
    assert (entry.paid_amount, entry.taken_back_amount) == (640, 160)


def test_a_message_id_for_another_body_is_refused(shop: Shop):
    shop.send(shop.body())
    refused(shop.send(shop.body(external_id="1002")), 422, "idempotency-key-reused")
    assert rows()[0] == 1


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 365])
def test_a_stale_message_is_refused(shop: Shop, minutes: int):
    refused(shop.send(shop.body(), at=now() - timedelta(minutes=minutes)), 401, "bad-signature")
    assert rows() == (0, 0)


def test_a_forged_or_edited_message_is_refused(shop: Shop):
    other = open_shop(shop.client)
    body = json.dumps(shop.body()).encode()
    signed = sign(key_of(shop.secret), message_id="m", at=now(), body=body)
    attempts = [
        shop.send(shop.body(), secret=other.secret),
        shop.send(shop.body(), webhook_id="msg_2"),
        shop.send(shop.body(), webhook_timestamp=str(int(now().timestamp()) + 1)),
        shop.send(shop.body(), webhook_signature="v1,AAAA"),
        shop.send(shop.body(), webhook_signature=""),
        shop.client.post(shop.path, data=body, content_type="application/json"),
        shop.client.post(
            shop.path,
            data=body.replace(b"10000", b"99000"),
            content_type="application/json",
            headers=signed,
        ),
        # Signed for one shop, sent to another.
        shop.client.post(other.path, data=body, content_type="application/json", headers=signed),
    ]
    for answer in attempts:
        refused(answer, 401, "bad-signature")
    assert rows() == (0, 0)


def test_the_last_refusal_of_a_way_is_kept_once_a_minute(shop: Shop):
    def noted() -> tuple[bool, str]:
        db.session.rollback()
        db.session.expunge_all()
        sources = order_sources.sources_of(shop.world.sponsor.actor)
        source = next(one for one in sources if one.kind is OrderSourceKind.ACCORD)
        return source.refused_at is not None, source.refused_reason

    assert shop.send(shop.body()).status_code == 200
    assert noted() == (False, "")
    refused(shop.send(shop.body(), webhook_signature="v1,AAAA"), 401, "bad-signature")
    assert noted() == (True, "bad-signature")
    another_total = shop.body(total={"amount": 20_000, "currency": "EUR"})
    refused(shop.send(another_total, message="msg_2"), 409, "order-differs")
    assert noted() == (True, "bad-signature")
    with shifted(timedelta(minutes=2)):
        refused(shop.send(another_total, message="msg_3"), 409, "order-differs")
    assert noted() == (True, "order-differs")


def test_without_a_source_or_a_sponsor_nothing_is_taken(shop: Shop, client: FlaskClient):
    plain = make_world()
    body = json.dumps(shop.body()).encode()
    signed = sign(key_of(shop.secret), message_id="m", at=now(), body=body)
    path = f"/api/v1/public/orders/{plain.sponsor.sponsor_id}"
    for address, status in ((path, 401), ("/api/v1/public/orders/spn_nobody", 404)):
        answer = client.post(address, data=body, content_type="application/json", headers=signed)
        assert answer.status_code == status
        assert answer.content_type == "application/problem+json"
    form = {"external_id": "1", "total": "1.00", "currency": "EUR"}
    refused(client.post(f"{path}/script", data=form), 404, "not-found")
    assert rows() == (0, 0)


def test_both_secrets_of_a_rotation_are_taken_for_a_day(shop: Shop):
    actor = shop.world.sponsor.actor
    [source_id] = [
        row.id for row in order_sources.sources_of(actor) if row.kind is OrderSourceKind.ACCORD
    ]
    _row, new = kept(lambda: order_sources.rotate(actor, source_id=source_id))
    old = shop.secret
    assert shop.send(shop.body(), secret=new).status_code == 200
    assert shop.send(shop.body(external_id="2"), message="m2", secret=old).status_code == 200
    with shifted(timedelta(hours=25)):
        refused(
            shop.send(shop.body(external_id="3"), message="m3", secret=old), 401, "bad-signature"
        )
        answer = shop.send(shop.body(external_id="3"), message="m3", secret=new)
        assert answer.status_code == 200


def test_another_total_for_the_same_order_is_a_conflict(shop: Shop):
    first = shop.send(shop.body())
    other = shop.body(total={"amount": 20_000, "currency": "EUR"})
    answer = shop.send(other, message="msg_2")
    refused(answer, 409, "order-differs")
    assert answer.json["order_id"] == first.json["id"]
    assert rows() == (1, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"net": {"amount": 10_001, "currency": "EUR"}}, "net"),
        ({"net": {"amount": 1, "currency": "USD"}}, "net.currency"),
        ({"refunded": {"amount": 10_001, "currency": "EUR"}}, "refunded"),
        ({"status": "cancelled"}, "status"),
        ({"external_id": ""}, "external_id"),
        ({"external_id": "x" * 101}, "external_id"),
        ({"external_id": "a\nb"}, "external_id"),
        ({"total": {"amount": -1, "currency": "EUR"}}, "total.amount"),
        ({"total": {"amount": 1.5, "currency": "EUR"}}, "total.amount"),
        ({"total": {"amount": 1, "currency": "XXX"}}, "total.currency"),
        ({"ordered_at": "2026-05-01T10:00:00"}, "ordered_at"),
        ({"unknown": 1}, "unknown"),
    ],
)
@ON_SQLITE
def test_a_signed_order_that_makes_no_sense_is_refused_field_by_field(
    shop: Shop, changes: dict[str, Any], field: str
):
    answer = shop.send(shop.body(**changes))
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert rows() == (0, 0)


def test_messages_in_any_order_and_any_number_end_alike(shop: Shop):
    """The same six facts about three orders, shuffled and doubled, each time at another shop."""
    ends = set()
    for seed in range(4):
        this = open_shop(shop.client)
        messages = [
            (f"{number}-{refunded}", this.body(external_id=number, refunded=_euros(refunded)))
            for number in ("1", "2", "3")
            for refunded in (0, 2_500)
        ] * 3
        random.Random(seed).shuffle(messages)
        sent: dict[str, bytes] = {}
        for message, order in messages:
            body = sent.setdefault(message, json.dumps(order).encode())
            assert this.send(body, message=message).status_code == 200
        row = reload_agreement(this.agreement)
        ends.add((row.commission_paid_amount - row.commission_returned_amount, row.released_amount))
    assert ends == {(3 * 480, 3 * 480)}


def _euros(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "EUR"}


# --- shop systems -------------------------------------------------------------------------------


def shop_order(system: str, name: str, click: str) -> dict[str, Any]:
    text = json.dumps(recorded(f"{system}_order_{name}")).replace("CLICK", click)
    order: dict[str, Any] = json.loads(text.replace('"USD"', '"EUR"'))
    placed = (now() - timedelta(minutes=1)).isoformat()
    return order | {"created_at": placed, "date_created_gmt": placed}


@pytest.mark.parametrize(
    ("system", "first", "net", "kept_part"),
    [("shopify", "paid", 39_800, 0.5117), ("woocommerce", "created", 1_800, 0.6252)],
)
def test_an_order_of_a_shop_system_is_paid_and_its_refund_taken_back(
    shop: Shop, system: str, first: str, net: int, kept_part: float
):
    paid = shop.send_as(system, shop_order(system, first, shop.click))
    assert paid.status_code == 200, paid.text
    entry = commission(paid.json["id"])
    assert entry.paid_amount == round(net * 0.08)
    header = "X-Shopify-Webhook-Id" if system == "shopify" else "X-WC-Webhook-Delivery-ID"
    refund = shop_order(system, "refunded", shop.click)
    for message in ("second", "second", "third"):
        answer = shop.send_as(system, refund, **{header: message})
        assert answer.json["status"] == "partly_refunded"
    entry = commission(paid.json["id"])
    kept_amount = entry.paid_amount - entry.taken_back_amount
    assert abs(kept_amount - entry.paid_amount * kept_part) < 1
    assert rows()[0] == 1


def test_two_orders_of_one_second_are_both_taken(shop: Shop):
    # WooCommerce names a message by its webhook and the second.
    first = shop_order("woocommerce", "created", shop.click)
    told = [first, first | {"id": 728}, shop_order("woocommerce", "refunded", shop.click)]
    answers = [shop.send_as("woocommerce", order) for order in told]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert [answer.json["status"] for answer in answers] == ["paid", "paid", "partly_refunded"]
    assert rows() == (2, 0)


@pytest.mark.parametrize("system", ["shopify", "woocommerce"])
def test_a_forged_message_of_a_shop_system_is_refused(shop: Shop, system: str):
    name = "paid" if system == "shopify" else "created"
    order = shop_order(system, name, shop.click)
    refused(shop.send_as(system, order, secret="x" * 20), 401, "bad-signature")
    proof = "X-Shopify-Hmac-Sha256" if system == "shopify" else "X-WC-Webhook-Signature"
    refused(shop.send_as(system, order, **{proof: ""}), 401, "bad-signature")
    answer = shop.client.post(f"{shop.path}/{system}", json=order)
    refused(answer, 401, "bad-signature")
    assert rows() == (0, 0)


@pytest.mark.parametrize("system", ["shopify", "woocommerce"])
def test_what_a_shop_system_sends_and_cannot_be_read_is_refused(shop: Shop, system: str):
    whole = shop_order(system, "refunded", shop.click)
    for body in (b"", b"[]", b"{", b"null", whole | {"id": None}, whole | {"currency": "no"}):
        refused(shop.send_as(system, body), 422, "unreadable-order")
    assert rows() == (0, 0)


def test_what_is_of_no_concern_is_answered_and_not_kept(shop: Shop):
    pending = shop_order("woocommerce", "created", shop.click) | {"status": "pending"}
    answers = [
        shop.send_as("woocommerce", pending),
        shop.send_as("woocommerce", pending | {"status": "cancelled"}),
        shop.send_as("shopify", {"id": 1}, **{"X-Shopify-Topic": "products/update"}),
        shop.client.post(f"{shop.path}/woocommerce", data={"webhook_id": "7"}),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json["taken"]) == (200, False)
        assert answer.json["reason"] == "passed_over"
    assert rows()[0] == 0


def test_an_order_that_differs_at_a_shop_system_is_answered_with_the_reason(shop: Shop):
    order = shop_order("woocommerce", "created", shop.click)
    shop.send_as("woocommerce", order)
    changed = shop.send_as(
        "woocommerce", order | {"total": "99.00"}, **{"X-WC-Webhook-Delivery-ID": "second"}
    )
    assert (changed.status_code, changed.json["reason"]) == (200, "differs")
    assert reload(changed.json["id"]).total_amount == 2_935


def test_an_order_that_was_edited_and_then_refunded_gives_its_commission_back(shop: Shop):
    paid = shop_order("shopify", "paid", shop.click)
    order_id = shop.send_as("shopify", paid).json["id"]
    before = commission(order_id).paid_amount
    half = {"kind": "refund", "status": "success", "amount": "400.00", "currency": "EUR"}
    edited = paid | {"total_price": "800.00"}
    refunded = edited | {"refunds": [{"transactions": [half]}]}
    for order, back in (
        (edited, 0),
        (refunded, before // 2),
        (edited, before // 2),
        (refunded | {"financial_status": "refunded"}, before),
    ):
        answer = shop.send_as("shopify", order)
        assert (answer.json["taken"], answer.json["reason"]) == (False, "differs")
        assert abs(commission(order_id).taken_back_amount - back) <= 1
    row = reload(order_id)
    assert (row.total_amount, row.refunded_amount) == (42_984, 42_984)
    assert (row.status.value, row.told) == ("refunded", Money(80_000, "EUR"))
    assert check_money(shop.world, shop.agreement).commission_returned_amount == before


def at(order: dict[str, Any], minute: int, **changes: Any) -> dict[str, Any]:
    """The order as it was changed in the shop in that minute."""
    return order | {"date_modified_gmt": f"2026-11-22T20:{minute:02}:00"} | changes


def test_an_order_that_is_cancelled_and_goes_on_earns_its_commission_again(shop: Shop):
    order = shop_order("woocommerce", "created", shop.click)
    order_id = shop.send_as("woocommerce", order).json["id"]
    paid = commission(order_id).paid_amount
    for number, word in enumerate(("cancelled", "failed", "trash")):
        ended = at(order, 10 * number, status=word)
        assert shop.send_as("woocommerce", ended).json["status"] == "cancelled"
        assert reload(order_id).refunded_amount == 0
        assert commission(order_id).taken_back_amount == paid
        again = at(order, 10 * number + 1)
        # The last comes late, and says nothing that is still so.
        for message in (again, again, ended):
            assert shop.send_as("woocommerce", message).json["status"] == "paid"
        entry = commission(order_id)
        assert (entry.paid_amount, entry.taken_back_amount) == (paid, 0)
    row = check_money(shop.world, shop.agreement)
    assert (row.commission_paid_amount, row.released_amount) == (4 * paid, paid)
    assert orders_match_commissions() is None
    shop.send_as("woocommerce", at(order, 50, status="refunded"))
    assert commission(order_id).taken_back_amount == paid
    assert check_money(shop.world, shop.agreement).released_amount == 0


def test_a_cancelled_order_that_was_given_back_in_part_goes_on_with_the_rest(shop: Shop):
    order = shop_order("woocommerce", "refunded", shop.click)
    order_id = shop.send_as("woocommerce", at(order, 0)).json["id"]
    paid = commission(order_id).paid_amount
    shop.send_as("woocommerce", at(order, 1, status="cancelled"))
    assert commission(order_id).taken_back_amount == paid
    answer = shop.send_as("woocommerce", at(order, 2))
    assert answer.json["status"] == "partly_refunded"
    assert commission(order_id).standing.kept == paid
    shop.send_as("woocommerce", at(order, 3, status="cancelled"))
    answer = shop.send_as("woocommerce", at(order, 4, status="refunded"))
    assert answer.json["status"] == "refunded"
    assert commission(order_id).standing.kept == 0


def test_an_order_that_comes_cancelled_earns_when_it_goes_on(shop: Shop):
    order = shop_order("shopify", "paid", shop.click)
    ended = order | {"cancelled_at": "2026-11-21T00:00:00Z"}
    answer = shop.send_as("shopify", ended)
    assert answer.json["status"] == "cancelled"
    assert commission(answer.json["id"]).withheld is Withheld.CANCELLED
    shop.send_as("shopify", order)
    assert commission(answer.json["id"]).paid_amount == 3_184


def test_the_sponsor_is_told_once_of_an_edited_order_and_finds_it(shop: Shop):
    order = shop_order("woocommerce", "created", shop.click)
    shop.send_as("woocommerce", order | {"id": 1})
    for _ in range(2):
        shop.send_as("woocommerce", order)
        shop.send_as("woocommerce", order | {"total": "99.00"})
    client = SignedIn(shop.world.sponsor)
    [found] = client.get("/sponsor/orders?differs=true").json["items"]
    assert found["total"] == {"amount": 2_935, "currency": "EUR"}
    assert found["told"] == {"amount": 9_900, "currency": "EUR"}
    news = client.get("/account/notifications").json["items"]
    [told] = [row for row in news if row["kind"] == "order_edited"]
    assert told["url"].endswith(f"/sponsor/orders/{found['id']}")
    assert "99" in told["text"]
    shop.send_as("woocommerce", order)
    assert client.get("/sponsor/orders?differs=true").json["items"] == []


# --- the script ---------------------------------------------------------------------------------


def test_a_pages_order_is_unverified_until_the_webhook_names_it(shop: Shop):
    form = {
        "external_id": "1001",
        "total": "100.00",
        "currency": "eur",
        "click_id": shop.click,
    }
    told: Any = shop.client.post(f"{shop.path}/script", data=form)
    assert told.status_code == 200, told.text
    assert (told.json["verified"], told.json["taken"]) == (False, True)
    assert commission(told.json["id"]).paid_amount == 0
    confirmed = shop.send(shop.body(click_id=None))
    assert confirmed.json["verified"] is True
    assert commission(told.json["id"]).paid_amount == 640
    assert rows()[0] == 1


@pytest.mark.parametrize(
    "change",
    [{"total": "x"}, {"total": "-1"}, {"currency": "XXX"}, {"external_id": ""}, {"z": "1"}],
)
@ON_SQLITE
def test_a_form_that_makes_no_sense_is_refused(shop: Shop, change: dict[str, str]):
    form = {"external_id": "1", "total": "1.00", "currency": "EUR", **change}
    assert shop.client.post(f"{shop.path}/script", data=form).status_code == 422
    assert rows() == (0, 0)


@ON_SQLITE
def test_the_script_may_be_loaded_by_other_sites(client: FlaskClient):
    path = "/api/v1/public/orders.js"
    answer = client.get(path)
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age" in answer.headers["Cache-Control"]
    again = client.get(
        "/api/v1/public/orders.js", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


PAGE = """
const kept = {};
globalThis.localStorage = {
  getItem: (name) => kept[name] ?? null,
  setItem: (name, value) => { kept[name] = value; },
};
Object.defineProperty(globalThis, "navigator", { value: {
  sendBeacon: (address, body) => {
    console.log(JSON.stringify([String(address), String(body)]));
    return true;
  },
}});
const load = (search, dataset) => {
  globalThis.location = { search };
  globalThis.document = {
    currentScript: { src: "https://accord.example/api/v1/public/orders.js", dataset },
  };
  SCRIPT
};
load("?accord_click=abc123&x=1", {});
load("", {});
load("?accord_click=%3Cscript%3E", {});
load("", { sponsor: "spn_1", order: "A&B", total: "49.90", currency: "EUR", coupon: "LAN10" });
"""


@ON_SQLITE
def test_the_script_remembers_the_click_and_tells_of_the_order(client: FlaskClient, tmp_path: Path):
    script = client.get("/api/v1/public/orders.js").text
    (tmp_path / "page.cjs").write_text(PAGE.replace("SCRIPT", script))
    said = subprocess.run(
        ["node", "page.cjs"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    ).stdout
    assert [json.loads(line) for line in said.splitlines()] == [
        [
            "https://accord.example/api/v1/public/orders/spn_1/script",
            "external_id=A%26B&total=49.90&currency=EUR&click_id=abc123&coupon=LAN10",
        ]
    ]


# --- floods -------------------------------------------------------------------------------------


@pytest.fixture
def limited(make_app: Callable[[Settings], Flask], settings: Settings) -> Iterator[Shop]:
    """A shop of an app with rate limits."""
    made = make_app(replace(settings, rate_limits=True))
    with made.app_context():
        yield open_shop(made.test_client())
        db.session.remove()
    limiter.enabled = False


def _from(shop: Shop, address: str) -> Any:
    return {"REMOTE_ADDR": address}


@ON_SQLITE
def test_a_flood_of_pages_from_one_or_many_addresses_ends_at_the_limit(limited: Shop):
    def tell(number: int, address: str) -> int:
        form = {"external_id": f"F{number}", "total": "1.00", "currency": "EUR"}
        answer = limited.client.post(
            f"{limited.path}/script", data=form, environ_base={"REMOTE_ADDR": address}
        )
        assert answer.status_code == 200 or answer.headers["Retry-After"]
        return answer.status_code

    one = [tell(number, "203.0.113.1") for number in range(40)]
    assert one == [200] * 30 + [429] * 10
    many = [tell(100 + number, f"198.51.{number // 200}.{number % 200}") for number in range(620)]
    # The ten that were refused for their address count for the shop too.
    taken = many.count(200)
    assert 560 <= taken <= 570
    assert many[-1] == 429
    assert rows()[0] == 30 + taken
    assert reload_agreement(limited.agreement).released_amount == 0
    # The webhook is not shut out by it.
    assert limited.send(limited.body()).status_code == 200


@ON_SQLITE
def test_a_flood_of_forgeries_shuts_out_nobody_else(limited: Shop):
    def forge(number: int) -> int:
        answer = limited.client.post(
            f"{limited.path}/shopify", data=b"{}", environ_base={"REMOTE_ADDR": "203.0.113.9"}
        )
        return answer.status_code

    said = [forge(number) for number in range(130)]
    assert said == [401] * 120 + [429] * 10
    assert limited.send(limited.body()).status_code == 200
    assert rows()[0] == 1
