"""The sponsor's table of orders: each line taken once, known already, or refused with a reason."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import func, select

from app.attribution import order_imports
from app.attribution.models import Order
from app.attribution.order_facts import OrderSourceKind
from app.attribution.order_table import MOST_COLUMNS, UnreadableTable, read
from app.core.extensions import db
from tests.factories.ad_requests import World, agree, check_money, make_world
from tests.factories.identity import SignedIn
from tests.factories.orders import ago, click_id, commission, fact, make_coupon, make_link, tell

HEAD = "external_id,ordered_at,total,currency,net,refunded,click_id,coupon\n"


def lines(text: str) -> list[Any]:
    return list(read(io.StringIO(text, newline="")).lines)


# --- the table ----------------------------------------------------------------------------------


def test_a_line_becomes_an_order():
    [line] = lines(HEAD + "A-1,2026-05-01T10:00:00+02:00,49.90,eur,40,5.5,abc,LAN10 TEA\n")
    assert (line.number, line.reason) == (2, None)
    order = line.fact
    assert (order.external_id, order.currency) == ("A-1", "EUR")
    assert (order.total, order.net, order.refunded) == (4_990, 4_000, 550)
    assert (order.click_id, order.coupons) == ("abc", ("LAN10", "TEA"))
    assert order.ordered_at.isoformat() == "2026-05-01T08:00:00+00:00"


def test_columns_come_in_any_order_behind_any_separator_and_others_are_named():
    table = read(
        io.StringIO("\ufeffTotal;Currency;note;ordered_at;External_ID\n12000;VND;x;2026-05-01;7\n")
    )
    [line] = table.lines
    assert table.ignored == ["note"]
    assert (line.fact.total, line.fact.currency, line.fact.net) == (12_000, "VND", None)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (",2026-05-01,1,EUR,,,,", "external_id"),
        ("1,yesterday,1,EUR,,,,", "ordered_at"),
        ("1,2026-05-01,,EUR,,,,", "total"),
        ("1,2026-05-01,-1,EUR,,,,", "total"),
        ('1,2026-05-01,"1,5",EUR,,,,', "total"),
        ("1,2026-05-01,1e40,EUR,,,,", "total"),
        ("1,2026-05-01,1,euro,,,,", "currency"),
        ("1,2026-05-01,1,EUR,2,,,", "net"),
        ("1,2026-05-01,1,EUR,,2,,", "refunded"),
        ("1,2026-05-01,1,EUR", "cells"),
        ("\x00,2026-05-01,1,EUR,,,,", "NUL"),
        ("a\u202eb,2026-05-01,1,EUR,,,,", "invisible"),
    ],
)
def test_a_line_that_makes_no_sense_says_why_and_the_next_is_read(cells: str, said: str):
    bad, good = lines(f"{HEAD}{cells}\n2,2026-05-01,1,EUR,,,,\n")
    assert said in bad.reason
    assert bad.fact is None
    assert good.fact.external_id == "2"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "a,b\n1,2\n",
        "external_id,total,total,ordered_at,currency\n",
        ",".join([*("external_id", "total", "ordered_at", "currency"), *["x"] * MOST_COLUMNS]),
        "x" * 20_000,
    ],
)
def test_what_is_no_table_is_refused(text: str):
    with pytest.raises(UnreadableTable):
        read(io.StringIO(text))


def test_a_line_without_an_end_is_no_line():
    with pytest.raises(UnreadableTable):
        lines(HEAD + "1,2026-05-01,1,EUR,,,," + "x" * 20_000)
    with pytest.raises(UnreadableTable):
        lines(HEAD + '1,"' + "x" * 5_000 + "\n" + "y" * 20_000)


def test_an_apostrophe_before_a_formula_is_taken_off():
    found = lines(HEAD + "'=1+1,2026-05-01,1,EUR,,,,\n'n Boot,2026-05-01,1,EUR,,,,\n")
    assert [line.fact.external_id for line in found] == ["=1+1", "'n Boot"]


SHOPIFY_HEAD = (
    "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,"
    "Created at,Lineitem quantity,Lineitem name,Cancelled at,Refunded Amount,Id,Source\n"
)


def shopify_line(number: int, **cells: str) -> str:
    """A line of Shopify's export; its order's id begins with 5551."""
    row = {
        "Name": f"#{number}",
        "Email": "ann@example.org",
        "Financial Status": "paid",
        "Currency": "EUR",
        "Subtotal": "90.00",
        "Shipping": "5.00",
        "Taxes": "15.00",
        "Total": "110.00",
        "Discount Code": "LAN10",
        "Created at": "2026-05-01 10:00:00 -0400",
        "Lineitem quantity": "1",
        "Lineitem name": "Kettle",
        "Id": f"5551{number:09}",
    } | {name.replace("_", " "): value for name, value in cells.items()}
    return ",".join(row.get(name, "") for name in SHOPIFY_HEAD.strip().split(",")) + "\n"


def test_the_file_that_shopify_exports_names_orders_as_its_webhooks_do():
    table = read(io.StringIO(SHOPIFY_HEAD + shopify_line(1001, Refunded_Amount="11.00")))
    [line] = table.lines
    assert table.ignored == []
    assert (line.fact.external_id, line.fact.coupons) == ("5551000001001", ("LAN10",))
    assert (line.fact.total, line.fact.net, line.fact.refunded) == (11_000, 9_000, 1_100)
    assert line.fact.ordered_at.isoformat() == "2026-05-01T14:00:00+00:00"


def test_lines_of_shopify_that_are_no_paid_order_are_passed_over_or_refused():
    further = ",".join(["#1001", *[""] * 10, "2", "Cup", *[""] * 4]) + "\n"
    found = lines(
        SHOPIFY_HEAD
        + shopify_line(1001, Financial_Status="refunded")
        + further
        + shopify_line(1002, Financial_Status="pending")
        + shopify_line(1003, Id="5.55E+12")
        + shopify_line(1004, Cancelled_at="2026-05-02 10:00:00 -0400")
    )
    assert [(line.number, line.external_id) for line in found] == [
        (2, "#1001"), (4, "#1002"), (5, "#1003"), (6, "#1004"),
    ]  # fmt: skip
    assert "not paid" in found[1].reason
    assert "as Shopify made it" in found[2].reason
    assert (found[0].fact.refunded, found[0].fact.cancelled) == (11_000, None)
    assert (found[3].fact.refunded, found[3].fact.cancelled) == (0, True)


# --- over HTTP ----------------------------------------------------------------------------------


@pytest.fixture
def world(app) -> World:
    return make_world()


def send(client: SignedIn, content: str | bytes) -> Any:
    data = content if isinstance(content, bytes) else content.encode()
    return client.client.post(
        "/api/v1/sponsor/orders/import",
        data={"file": (io.BytesIO(data), "orders.csv")},
        headers=client.headers,
    )


def test_a_file_is_taken_once_and_pays_once(world: World):
    agreement = agree(world, cap=50_000)
    link = make_link(world, agreement)
    make_coupon(link, "LAN10")
    clicked = click_id(link, ago(days=1))
    placed = ago(minutes=1).isoformat()
    tell(world.sponsor, fact(external_id="known", total=1_000, net=None))
    text = (
        f"{HEAD}1,{placed},100.00,EUR,80.00,,{clicked},\n"
        f"2,{placed},50.00,EUR,,25.00,,lan10\n"
        f"3,{placed},50.00,XXX,,,,\n\n"
        f"known,{placed},99.00,EUR,,,,\n"
    )
    client = SignedIn(world.sponsor)
    answer = send(client, text)
    assert answer.status_code == 200, answer.text
    assert answer.json == {
        "lines": 4,
        "recorded": 2,
        "changed": 0,
        "unchanged": 0,
        "refused": 2,
        "left_out": False,
        "ignored_columns": [],
        "refusals": [
            {
                "line": 4,
                "external_id": "3",
                "reason": "currency: This is no currency that we know.",
            },
            {
                "line": 6,
                "external_id": "known",
                "reason": answer.json["refusals"][1]["reason"],
            },
        ],
    }
    assert "recorded with €10.00" in answer.json["refusals"][1]["reason"]
    again = send(client, text.encode("utf-8-sig")).json
    assert (again["recorded"], again["unchanged"], again["refused"]) == (0, 2, 2)
    assert check_money(world, agreement).commission_paid_amount == 640 + 200


def test_what_a_file_gives_out_comes_back_unchanged(world: World):
    client = SignedIn(world.sponsor)
    agreement = agree(world, cap=50_000)
    make_coupon(make_link(world, agreement), "LAN10")
    for name in ("=HYPERLINK(1)", "+1", "@x", "plain"):
        tell(world.sponsor, fact(external_id=name, coupons=("LAN10",), refunded=1_000))
    given_out = client.get("/sponsor/orders.csv").data
    assert b"\r\nord_" in given_out
    assert b"'=HYPERLINK(1)" in given_out
    assert b",=HYPERLINK" not in given_out
    back = send(client, given_out).json
    assert (back["lines"], back["unchanged"], back["refusals"]) == (4, 4, [])
    assert "commission_paid" in back["ignored_columns"]


def test_an_order_that_shopify_told_of_is_not_taken_again_under_its_number(world: World):
    client = SignedIn(world.sponsor)
    tell(world.sponsor, fact(external_id="1000"))
    placed = ago(minutes=1).isoformat()
    text = HEAD + "".join(f"{name},{placed},1,EUR,,,,\n" for name in ("#1001", "1001", "A-1"))
    source = {"kind": "shopify", "secret": "shpss_0123456789abcdef"}
    assert client.post("/sponsor/order-sources", source).status_code == 201
    report = send(client, text + f"1000,{placed},100.00,EUR,,,,\n").json
    assert (report["recorded"], report["unchanged"]) == (1, 1)
    assert [line["external_id"] for line in report["refusals"]] == ["#1001", "1001"]
    assert "by its id" in report["refusals"][0]["reason"]
    tell(world.sponsor, fact(external_id="5551000001001"), OrderSourceKind.SHOPIFY)
    exported = SHOPIFY_HEAD + shopify_line(1001, Total="100.00")
    again = send(client, exported).json
    assert (again["recorded"], again["unchanged"], again["refusals"]) == (0, 1, [])


def test_a_long_file_is_read_to_its_bound(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(order_imports, "MOST_LINES", 5)
    monkeypatch.setattr(order_imports, "MOST_REFUSED", 2)
    text = HEAD + "".join(f"{number},2026-05-01,x,EUR,,,,\n" for number in range(9))
    report = send(SignedIn(world.sponsor), text).json
    assert (report["lines"], report["refused"], report["left_out"]) == (5, 5, True)
    assert [line["line"] for line in report["refusals"]] == [2, 3]


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"a,b\n", HEAD.encode("utf-16"), HEAD.encode() + b"\xff\xfe,"]
)
def test_what_is_no_table_of_orders_is_refused(world: World, content: bytes):
    answer = send(SignedIn(world.sponsor), content)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["file"]
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Order)) == 0


def test_a_file_that_is_too_large_is_refused(world: World):
    client = SignedIn(world.sponsor)
    body = b"x" * (order_imports.LARGEST + 1024 * 1024)
    answer: Any = client.client.post(
        "/api/v1/sponsor/orders/import",
        data=body,
        content_type="multipart/form-data; boundary=x",
        headers=client.headers,
    )
    assert (answer.status_code, answer.json["type"]) == (413, "too-large")


def test_a_line_of_a_file_confirms_what_a_page_said(world: World):
    agreement = agree(world, cap=50_000)
    clicked = click_id(make_link(world, agreement), ago(days=1))
    form = {"external_id": "7", "total": "100.00", "currency": "EUR", "click_id": clicked}
    client = SignedIn(world.sponsor)
    assert client.post("/sponsor/order-sources", {"kind": "script"}).status_code == 201
    path = f"/api/v1/public/orders/{world.sponsor.sponsor_id}/script"
    told: Any = client.client.post(path, data=form)
    assert commission(told.json["id"]).paid_amount == 0
    placed = ago(minutes=1).isoformat()
    report = send(client, f"{HEAD}7,{placed},100,EUR,,,,\n").json
    assert (report["recorded"], report["changed"]) == (0, 1)
    assert commission(told.json["id"]).paid_amount == 800
