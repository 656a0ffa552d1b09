"""The posting rules alone: whatever happens, no money appears or vanishes."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.payments import postings
from app.payments.postings import DEBIT_NORMAL, AccountKey, AccountKind, Posting, TransferKind

AMOUNTS = st.integers(1, 10**12)
CURRENCIES = st.sampled_from(["EUR", "JPY"])
SPONSORS = st.sampled_from(["spn_1", "spn_2"])
INFLUENCERS = st.sampled_from(["inf_1", "inf_2"])
GATEWAYS = st.sampled_from(["sandbox", "manual"])
IDS = st.sampled_from(["x_1", "x_2", "x_3"])


@st.composite
def any_posting(draw) -> Posting:
    sponsor, influencer, gateway = draw(SPONSORS), draw(INFLUENCERS), draw(GATEWAYS)
    currency, amount, name = draw(CURRENCIES), draw(AMOUNTS), draw(IDS)
    escrow = postings.escrow(sponsor, currency, f"adr_{sponsor}_{currency}")
    return draw(
        st.sampled_from(
            [
                postings.deposit(name, sponsor, gateway, currency, amount),
                postings.hold(escrow.reference, sponsor, currency, amount),
                postings.release(escrow, name, influencer, amount),
                postings.release(escrow, name, influencer, amount, TransferKind.COMMISSION),
                postings.mature(name, influencer, currency, amount, ""),
                postings.refund(escrow, name, amount),
                postings.platform_fee(escrow, name, amount),
                postings.withdraw(name, influencer, gateway, currency, amount),
                postings.payout(name, influencer, gateway, currency, amount),
                postings.payout_failed(name, influencer, gateway, currency, amount),
                postings.take_back(
                    postings.held(influencer, currency), sponsor, amount, "adr_1", name
                ),
                postings.take_back(
                    postings.available(influencer, currency), sponsor, amount, "adr_1", "m", name
                ),
                postings.own_money(gateway, currency, amount, name),
                postings.own_money(gateway, currency, -amount, name),
                postings.gateway_cost(gateway, currency, amount, name),
                postings.gateway_cost(gateway, currency, -amount, name),
                postings.wallet_return(sponsor, gateway, currency, amount, name),
                postings.owe(name, influencer, sponsor, currency, amount, "adr_1"),
                postings.repaid(name, influencer, sponsor, currency, amount, "adr_1", amount),
            ]
        )
    )


def worth(book: dict[AccountKey, int]) -> dict[str, int]:
    """What others hold for us less what we owe and have earned, by currency."""
    totals: dict[str, int] = defaultdict(int)
    for key, balance in book.items():
        totals[key.currency] += balance if key.kind in DEBIT_NORMAL else -balance
    return totals


@given(any_posting())
def test_a_posting_changes_two_accounts_by_its_amount(posting: Posting):
    changes = postings.effects(posting)
    assert set(changes) == {posting.debit, posting.credit}
    assert {abs(change) for change in changes.values()} == {posting.amount}


@given(st.lists(any_posting(), max_size=60))
def test_sums_stay_zero_in_every_currency_and_no_balance_falls_below_zero(movements):
    book: dict[AccountKey, int] = defaultdict(int)
    for posting in movements:
        after = {key: book[key] + change for key, change in postings.effects(posting).items()}
        # The floors of the database.
        if all(left >= 0 or key.kind in postings.WITHOUT_FLOOR for key, left in after.items()):
            book.update(after)
        assert all(total == 0 for total in worth(book).values())


@given(AMOUNTS, st.data())
def test_what_came_in_is_what_is_left_and_what_went_out(amount, data):
    paid = data.draw(st.integers(0, amount))
    fee = data.draw(st.integers(0, amount - paid))
    escrow = postings.escrow("spn_1", "EUR", "adr_1")
    road = [
        postings.deposit("dep_1", "spn_1", "sandbox", "EUR", amount),
        postings.hold("adr_1", "spn_1", "EUR", amount),
    ]
    if paid:
        road += [
            postings.release(escrow, "m", "inf_1", paid),
            postings.mature("mat_1", "inf_1", "EUR", paid, "adr_1"),
            postings.withdraw("wdr_1", "inf_1", "sandbox", "EUR", paid),
            postings.payout("wdr_1", "inf_1", "sandbox", "EUR", paid),
        ]
    if fee:
        road.append(postings.platform_fee(escrow, "m", fee))
    if amount - paid - fee:
        road.append(postings.refund(escrow, "m", amount - paid - fee))
    book: dict[AccountKey, int] = defaultdict(int)
    for posting in road:
        for key, change in postings.effects(posting).items():
            book[key] += change
            assert book[key] >= 0
    assert book[postings.cash("sandbox", "EUR")] == amount - paid
    assert book[postings.wallet("spn_1", "EUR")] == amount - paid - fee
    assert book[postings.platform_fees("EUR")] == fee
    assert book[escrow] == 0


@given(AMOUNTS, st.data())
def test_what_is_taken_back_after_a_withdrawal_comes_out_of_the_next_earnings(amount, data):
    back = data.draw(st.integers(1, amount))
    later = data.draw(st.integers(1, amount))
    repaid = min(back, later)
    mine = postings.available("inf_1", "EUR")
    again = postings.escrow("spn_2", "EUR", "adr_2")
    road = [
        postings.deposit("dep_1", "spn_1", "sandbox", "EUR", amount),
        postings.hold("adr_1", "spn_1", "EUR", amount),
        postings.release(postings.escrow("spn_1", "EUR", "adr_1"), "m", "inf_1", amount),
        postings.mature("mat_1", "inf_1", "EUR", amount, "adr_1"),
        postings.withdraw("wdr_1", "inf_1", "sandbox", "EUR", amount),
        postings.payout("wdr_1", "inf_1", "sandbox", "EUR", amount),
        postings.owe("clb_1", "inf_1", "spn_1", "EUR", back, "adr_1"),
        postings.deposit("dep_2", "spn_2", "sandbox", "EUR", later),
        postings.hold("adr_2", "spn_2", "EUR", later),
        postings.release(again, "m", "inf_1", later),
        postings.mature("mat_2", "inf_1", "EUR", later, "adr_2"),
        postings.take_back(mine, "spn_1", repaid, "adr_1", "m", "clb_1:1"),
        postings.repaid("clb_1", "inf_1", "spn_1", "EUR", repaid, "adr_1", back),
    ]
    book: dict[AccountKey, int] = defaultdict(int)
    for posting in road:
        for key, change in postings.effects(posting).items():
            book[key] += change
            assert book[key] >= 0
    assert book[postings.wallet("spn_1", "EUR")] == repaid
    assert book[mine] == later - repaid
    assert book[postings.owed_by("inf_1", "EUR")] == back - repaid
    assert book[postings.due_to("spn_1", "EUR")] == back - repaid
    assert book[postings.cash("sandbox", "EUR")] == later
    assert all(total == 0 for total in worth(book).values())


@given(AMOUNTS, AMOUNTS)
def test_a_cost_takes_cash_and_what_is_the_operators_and_nobody_elses(paid_in, cost):
    book: dict[AccountKey, int] = defaultdict(int)
    for posting in (
        postings.deposit("dep_1", "spn_1", "stripe", "EUR", paid_in),
        postings.gateway_cost("stripe", "EUR", cost, "txn_1"),
        postings.own_money("stripe", "EUR", cost, "txn_2"),
        postings.gateway_cost("stripe", "EUR", -cost, "txn_3"),
    ):
        for key, change in postings.effects(posting).items():
            book[key] += change
        owned = book[postings.operator_money("stripe", "EUR")]
        assert book[postings.cash("stripe", "EUR")] == paid_in + owned
        assert book[postings.wallet("spn_1", "EUR")] == paid_in
    assert book[postings.operator_money("stripe", "EUR")] == cost


def test_a_failed_payout_takes_its_withdrawal_back():
    out = postings.withdraw("wdr_1", "inf_1", "sandbox", "EUR", 5)
    back = postings.payout_failed("wdr_1", "inf_1", "sandbox", "EUR", 5)
    assert (back.debit, back.credit) == (out.credit, out.debit)


def test_a_withdrawal_is_paid_or_comes_back_under_one_key():
    paid = postings.payout("wdr_1", "inf_1", "sandbox", "EUR", 5)
    failed = postings.payout_failed("wdr_1", "inf_1", "sandbox", "EUR", 5)
    assert paid.key == failed.key


@given(any_posting(), any_posting())
def test_different_movements_have_different_keys(one: Posting, other: Posting):
    ends = {TransferKind.PAYOUT, TransferKind.PAYOUT_FAILED}
    releases = {TransferKind.RELEASE, TransferKind.COMMISSION}
    same = one.kind == other.kind or {one.kind, other.kind} in (ends, releases)
    if not same:
        assert one.key != other.key


@pytest.mark.parametrize("amount", [0, -1, True, 1.0, float("nan"), "5", None])
def test_a_posting_refuses_what_is_no_positive_whole_amount(amount):
    one, other = postings.wallet("spn_1", "EUR"), postings.platform_fees("EUR")
    with pytest.raises(ValueError, match="positive"):
        Posting(TransferKind.HOLD, one, other, amount, "key")


def test_a_posting_refuses_one_account_on_both_sides():
    wallet = postings.wallet("spn_1", "EUR")
    with pytest.raises(ValueError, match="two accounts"):
        Posting(TransferKind.HOLD, wallet, wallet, 1, "key")


def test_a_posting_refuses_two_currencies():
    with pytest.raises(ValueError, match="one currency"):
        Posting(
            TransferKind.HOLD,
            postings.wallet("spn_1", "EUR"),
            postings.platform_fees("JPY"),
            1,
            "key",
        )


def test_cash_and_claims_alone_grow_by_debits():
    assert {AccountKind.CASH, AccountKind.CLAWBACK_RECEIVABLE} == DEBIT_NORMAL
