"""Shopify's and WooCommerce's webhooks, from payloads in the shape of their documentation."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attribution.adapters import shopify, woocommerce
from app.attribution.order_facts import OrderFact, UnusableOrder, minor_units, moment_of

RECORDINGS = Path(__file__).parent / "recordings"


def recorded(name: str, **changes: Any) -> dict[str, Any]:
    """A payload as it was sent, with some of its fields changed."""
    payload: dict[str, Any] = json.loads((RECORDINGS / f"{name}.json").read_text())
    return payload | changes


def shopify_order(name: str = "shopify_order_paid", **changes: Any) -> OrderFact | None:
    return shopify.read("orders/updated", recorded(name, **changes))


def woo_order(name: str = "woocommerce_order_created", **changes: Any) -> OrderFact | None:
    return woocommerce.read("order.updated", recorded(name, **changes))


# --- Shopify ------------------------------------------------------------------------------------


def test_a_paid_order_of_shopify():
    assert shopify_order() == OrderFact(
        external_id="820982911946154508",
        ordered_at=datetime(2026, 11, 21, tzinfo=UTC),
        currency="USD",
        total=42_984,
        net=39_800,
        refunded=0,
        cancelled=False,
        as_of=datetime(2026, 11, 21, tzinfo=UTC),
        click_id="CLICK",
        coupons=("lan10",),
    )


def test_tax_within_the_prices_is_not_net():
    assert shopify_order(taxes_included=True).net == 39_800 - 2_184


def test_refunds_of_shopify_are_those_that_succeeded():
    assert shopify_order("shopify_order_refunded").refunded == 20_992
    assert shopify_order(financial_status="refunded").refunded == 42_984


def test_a_refund_in_the_buyers_currency_is_what_the_order_lost():
    payload = recorded("shopify_order_refunded")
    payload["refunds"][0]["transactions"][0]["currency"] = "EUR"
    assert shopify.read("orders/updated", payload).refunded == 42_984 - 21_992


@pytest.mark.parametrize("status", ["pending", "authorized", "partially_paid", "expired", None])
def test_shopify_orders_that_are_not_paid_are_passed_over(status):
    assert shopify_order(financial_status=status) is None


@pytest.mark.parametrize(
    "changes", [{"financial_status": "voided"}, {"cancelled_at": "2026-11-21T00:00:00Z"}]
)
def test_a_cancelled_order_of_shopify_is_no_refunded_one(changes):
    fact = shopify_order(**changes)
    assert (fact.cancelled, fact.refunded) == (True, 0)
    assert fact.only_known is ("financial_status" in changes)


def test_other_topics_and_test_orders_are_passed_over():
    assert shopify.read("refunds/create", recorded("shopify_order_paid")) is None
    assert shopify_order(test=True) is None


def test_the_click_of_shopify_may_stand_in_the_notes_of_the_cart():
    notes = [{"name": "gift", "value": "yes"}, {"name": "accord_click", "value": "from-cart"}]
    assert shopify_order(note_attributes=notes).click_id == "from-cart"
    assert shopify_order(landing_site="/kettle?utm_source=x").click_id is None
    assert shopify_order(landing_site=None).click_id is None


# --- WooCommerce --------------------------------------------------------------------------------


def test_a_paid_order_of_woocommerce():
    assert woo_order() == OrderFact(
        external_id="727",
        ordered_at=datetime(2026, 11, 22, 19, 28, 2, tzinfo=UTC),
        currency="USD",
        total=2_935,
        net=1_800,
        refunded=0,
        cancelled=False,
        as_of=datetime(2026, 11, 22, 19, 28, 8, tzinfo=UTC),
        click_id="CLICK",
        coupons=("lan10",),
    )


def test_refunds_of_woocommerce_are_summed():
    assert woo_order("woocommerce_order_refunded").refunded == 1_100
    assert woo_order(status="refunded").refunded == 2_935


@pytest.mark.parametrize("status", ["pending", "on-hold", "checkout-draft", None, 5])
def test_woocommerce_orders_that_are_not_paid_are_passed_over(status):
    assert woo_order(status=status) is None


@pytest.mark.parametrize("status", ["cancelled", "failed", "trash"])
def test_an_order_of_woocommerce_that_ended_is_cancelled_if_it_was_known(status):
    fact = woo_order(status=status)
    assert (fact.cancelled, fact.refunded, fact.only_known) == (True, 0, True)


def test_when_an_order_was_changed_may_be_left_out():
    assert woo_order(date_modified_gmt=None).as_of is None
    assert shopify_order(updated_at="yesterday").as_of is None


def test_our_own_note_of_the_click_comes_first():
    notes = [
        {"key": "accord_click", "value": "own"},
        *recorded("woocommerce_order_created")["meta_data"],
    ]
    assert woo_order(meta_data=notes).click_id == "own"
    assert woo_order(meta_data=[]).click_id is None


def test_the_call_at_the_saving_of_a_webhook_is_known():
    assert woocommerce.is_ping("application/x-www-form-urlencoded", b"webhook_id=12")
    assert not woocommerce.is_ping("application/json", b"webhook_id=12")
    assert not woocommerce.is_ping("application/x-www-form-urlencoded", b"webhook_id=12&id=3")


# --- both ---------------------------------------------------------------------------------------

READERS = [
    (shopify.read, "orders/updated", "shopify_order_refunded"),
    (woocommerce.read, "order.updated", "woocommerce_order_refunded"),
]


@pytest.mark.parametrize(("read", "topic", "name"), READERS)
def test_an_empty_or_strange_order_is_refused_or_passed_over(read, topic, name):
    assert read(topic, {}) is None
    for changes in ({"id": None}, {"id": True}, {"id": "7"}, {"currency": "XXX"}, {"currency": 3}):
        with pytest.raises(UnusableOrder):
            read(topic, recorded(name, **changes))
    prices = ("total", "total_price")
    for wrong in ("-1", "NaN", "Infinity", "1e30", "", None, [], {}):
        with pytest.raises(UnusableOrder):
            read(topic, recorded(name, **dict.fromkeys(prices, wrong)))


strange = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(("read", "topic", "name"), READERS)
@given(data=st.data())
def test_whatever_stands_in_a_field_is_read_or_refused(read, topic, name, data):
    payload = recorded(name)
    for field in data.draw(st.lists(st.sampled_from(sorted(payload)), max_size=4)):
        payload[field] = data.draw(strange)
    try:
        fact = read(topic, payload)
    except UnusableOrder:
        return
    if fact is not None:
        assert 0 <= fact.refunded <= fact.total
        assert 0 <= fact.net <= fact.total


@pytest.mark.parametrize(
    ("text", "currency", "wanted"),
    [
        ("29.35", "EUR", 2935),
        ("29.355", "EUR", 2936),
        (" 7 ", "EUR", 700),
        ("12000", "VND", 12000),
        (19.99, "USD", 1999),
        ("-10.00", "EUR", -1000),
    ],
)
def test_decimals_become_minor_units(text, currency, wanted):
    assert minor_units(text, currency, "total") == wanted


def test_a_moment_without_an_offset_is_utc():
    assert moment_of("2026-05-01T10:00:00") == moment_of("2026-05-01T12:00:00+02:00")
    for text in ("", "yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31", None, 5):
        with pytest.raises(UnusableOrder):
            moment_of(text)
