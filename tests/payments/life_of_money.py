"""One life of money for Hypothesis to lead: each step is done by the services and by plain
arithmetic, and after it both say the same."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.errors import NotFound, RefusedTransition
from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.payments import (
    manual_own_money,
    manual_wallet_returns,
    payout_approvals,
    payout_details,
    payout_rules,
    service,
)
from app.payments.errors import (
    EscrowExhausted,
    HoldOver,
    InsufficientFunds,
    MoreThanReleased,
    PostingConflict,
)
from app.payments.gateways.base import GatewayUnreachable
from app.payments.invariants import gateway_events_are_applied
from app.payments.manual_own_money import OwnMoneyKind
from app.payments.models import PaymentKind
from app.payments.payout_models import PayoutMethod
from tests.factories import payments as make
from tests.payments.money_model import OPEN, Model, Release
from tests.payments.money_witness import Witness

amounts = st.integers(1, 5_000)
# Of what there is; above 100 is more than there is.
percents = st.integers(1, 110)
ACCOUNTS = ["pays", "fails", "slow", "unknown"]
picks = st.integers(0, 10_000)
# How often an act is done: once more has the same answer and no effect.
times = st.sampled_from([1, 1, 2])
TOLD = 10
"""After so many steps people are told their balances, and at the end."""


class World:
    """Where each life starts: a sponsor, an influencer, an admin, a stranger and nothing else.

    `steps` counts those of all lives, `taken` the turns that they took.
    """

    def __init__(self) -> None:
        unit_of_work(lambda: payout_rules.HOLD_HOURS.set(SYSTEM, 0))
        unit_of_work(lambda: payout_rules.MINIMUM.set(SYSTEM, 0))
        self.payer, self.earner, self.admin = make.sponsor(), make.influencer(), make.admin()
        self.stranger = make.influencer()
        self.began = now()
        self.steps = 0
        self.taken: Counter[str] = Counter()
        self.witness = Witness()


class Life(RuleBasedStateMachine):
    """Everything that can happen between the people of a world."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world, self.witness, self.taken = world, world.witness, world.taken
        self.payer, self.earner, self.admin = world.payer, world.earner, world.admin
        self.stranger = world.stranger
        self.witness.back_to_the_start()
        self.clock = time_machine.travel(world.began, tick=False)
        self.traveller = self.clock.start()
        self.model = Model()
        self.account = ""
        self.number = self.step = 0

    def teardown(self) -> None:
        try:
            self.world.steps += self.step
            self.people_are_told()
            assert [check for check in service.check_ledger() if not check.ok] == []
        finally:
            db.session.remove()
            self.clock.stop()

    def name(self, what: str) -> str:
        self.number += 1
        return f"{what}_{self.number}"

    @initialize(account=st.sampled_from(ACCOUNTS), percent=percents)
    def begin(self, account: str, percent: int) -> None:
        """A life starts in the middle, so that its end is reached."""
        self.deposit(50_000, "success", 2)
        self.hold(5_000, 500, 300)
        self.hold(4_000, 0, 100)
        self.release(0, 50, 0, PaymentKind.RELEASE, 1)
        self.release(1, 50, 7, PaymentKind.RELEASE, 2)
        self.say_where(account)
        self.withdraw(30)
        self.pay_out(0)
        if percent % 2:
            self.contest(1)
            self.days_pass(8, 2)
        self.withdraw(20)

    # --- in and held ------------------------------------------------------------------------

    @rule(
        amount=st.integers(5_000, 50_000),
        outcome=st.sampled_from(["success", "duplicate", "decline"]),
        times=times,
    )
    def deposit(self, amount: int, outcome: str, times: int) -> None:
        row = unit_of_work(
            lambda: service.deposit(
                self.payer.actor, amount=Money(amount, "EUR"), gateway="sandbox", outcome=outcome
            )
        )
        row_id = row.id
        for _ in range(times):
            service.open_deposit(row_id)
        self.model.wallet += 0 if outcome == "decline" else amount

    @rule(fee=amounts, cap=st.integers(0, 500), platform_fee=st.integers(0, 300))
    def hold(self, fee: int, cap: int, platform_fee: int) -> None:
        reference, parts = self.name("adr"), (fee, cap, platform_fee)
        if sum(parts) > self.model.wallet:
            with pytest.raises(InsufficientFunds):
                self._hold(reference, parts)
            return
        self._hold(reference, parts)
        self.model.wallet -= sum(parts)
        self.model.escrows[reference] = sum(parts)
        self.model.asked[reference] = parts

    @precondition(lambda self: self.model.asked)
    @rule(pick=picks, more=st.integers(0, 1))
    def hold_again(self, pick: int, more: int) -> None:
        reference = self._one(list(self.model.asked), pick)
        fee, cap, platform_fee = self.model.asked[reference]
        if more:
            with pytest.raises(PostingConflict):
                self._hold(reference, (fee + 1, cap, platform_fee))
        else:
            self._hold(reference, (fee, cap, platform_fee))

    @rule(amount=amounts, kind=st.sampled_from([*OwnMoneyKind, OwnMoneyKind.IN]))
    def book_own_money(self, amount: int, kind: OwnMoneyKind) -> None:
        entry = self.name(kind.value)
        act = lambda: manual_own_money.book(  # noqa: E731
            self.admin.actor, amount=Money(amount, "EUR"), entry_id=entry, reason="R", kind=kind
        )
        change = amount if kind is OwnMoneyKind.IN else -amount
        if self.model.bank + change < 0:
            with pytest.raises(RefusedTransition):
                unit_of_work(act)
            return
        unit_of_work(act)
        self.model.bank += change
        self.model.own += change
        self.taken[f"own {kind.value}"] += 1

    @precondition(lambda self: self.model.wallet)
    @rule(percent=percents, times=times)
    def give_back(self, percent: int, times: int) -> None:
        there = min(self.model.wallet, self.model.bank) or self.model.wallet
        amount, entry = self._part_of(there, percent), self.name("out")
        act = lambda: manual_wallet_returns.give_back(  # noqa: E731
            self.admin.actor,
            sponsor_id=self.payer.id,
            amount=Money(amount, "EUR"),
            entry_id=entry,
            reason="They asked for it",
        )
        short = amount > self.model.wallet
        if short or amount > self.model.bank:
            with pytest.raises(InsufficientFunds if short else RefusedTransition):
                unit_of_work(act)
            return
        made = {unit_of_work(act).id for _ in range(times)}
        assert len(made) == 1
        self.model.wallet -= amount
        self.model.bank -= amount
        self.taken["returned"] += 1

    # --- out of the escrow ------------------------------------------------------------------

    @precondition(lambda self: self.model.escrows)
    @rule(
        pick=picks,
        percent=percents,
        days=st.sampled_from([0, 7]),
        kind=st.sampled_from([PaymentKind.RELEASE, PaymentKind.COMMISSION]),
        times=times,
    )
    def release(self, pick: int, percent: int, days: int, kind: PaymentKind, times: int) -> None:
        reference, milestone = self._one(list(self.model.escrows), pick), self.name("dlv")
        amount = self._part_of(self.model.escrows[reference], percent)
        act = lambda: service.release(  # noqa: E731
            SYSTEM,
            reference=reference,
            milestone=milestone,
            influencer_id=self.earner.id,
            amount=amount,
            hold_days=days,
            kind=kind,
        )
        if not self._from_escrow(reference, amount, act, times):
            return
        state = "held" if days else "mature"
        due = now() + timedelta(days=days)
        self.model.releases.append(Release(reference, milestone, amount, kind, state, due))
        if not days:
            self.model.earn(amount)

    @precondition(lambda self: self.model.escrows)
    @rule(pick=picks, percent=percents, times=times)
    def refund(self, pick: int, percent: int, times: int) -> None:
        reference, milestone = self._one(list(self.model.escrows), pick), self.name("dlv")
        amount = self._part_of(self.model.escrows[reference], percent)
        act = lambda: service.refund(  # noqa: E731
            SYSTEM, reference=reference, milestone=milestone, amount=amount
        )
        if self._from_escrow(reference, amount, act, times):
            self.model.wallet += amount

    @precondition(lambda self: self.model.escrows)
    @rule(pick=picks, amount=st.integers(1, 300), times=times)
    def platform_fee(self, pick: int, amount: int, times: int) -> None:
        reference, milestone = self._one(list(self.model.escrows), pick), self.name("dlv")
        act = lambda: service.charge_platform_fee(  # noqa: E731
            SYSTEM, reference=reference, milestone=milestone, amount=amount
        )
        if self._from_escrow(reference, amount, act, times):
            self.model.fees += amount

    # --- the hold period --------------------------------------------------------------------

    @precondition(lambda self: self._releases())
    @rule(pick=picks)
    def contest(self, pick: int) -> None:
        found = self._one(self._releases(), pick)
        act = lambda: service.contest(  # noqa: E731
            SYSTEM, reference=found.reference, milestone=found.milestone
        )
        if found.state == "held":
            unit_of_work(act)
            found.state = "contested"
            self.taken["contested"] += 1
        else:
            with pytest.raises(HoldOver):
                unit_of_work(act)

    @precondition(lambda self: self._releases("contested"))
    @rule(pick=picks, percent=st.integers(0, 100))
    def settle_contest(self, pick: int, percent: int) -> None:
        found = self._one(self._releases("contested"), pick)
        part = found.amount * percent // 100
        unit_of_work(
            lambda: service.settle_contest(
                SYSTEM, reference=found.reference, milestone=found.milestone, take_back=part
            )
        )
        self.model.wallet += part
        found.state = "taken" if part == found.amount else "held"
        found.amount -= part
        self.taken["taken back" if part else "left"] += 1
        found.decided = True  # one dispute decides a milestone

    @rule(days=st.integers(1, 8), times=times)
    def days_pass(self, days: int, times: int) -> None:
        self.traveller.shift(timedelta(days=days))
        for _ in range(times):
            service.mature_due()
        # The witness looks with the clock of the start.
        assert gateway_events_are_applied() is None
        if self._releases("contested"):
            self.taken["kept"] += 1
        for found in self.model.releases:
            if found.state == "held" and found.due <= now():
                found.state = "mature"
                self.taken["matured"] += 1
                self.model.earn(found.amount)

    @precondition(lambda self: self.model.releases)
    @rule(pick=picks, percent=percents, times=times)
    def claw_back(self, pick: int, percent: int, times: int) -> None:
        found = self._one(self.model.releases, pick)
        amount = self._part_of(found.amount, percent)
        act = lambda: service.claw_back(  # noqa: E731
            SYSTEM,
            reference=found.reference,
            milestone=found.milestone,
            amount=amount,
            reason="The order came back.",
            key=str(found.keys),
        )
        if found.state == "contested" or amount > found.amount:
            refusal = RefusedTransition if found.state == "contested" else MoreThanReleased
            with pytest.raises(refusal):
                unit_of_work(act)
            return
        for _ in range(times):
            unit_of_work(act)
        found.keys += 1
        found.amount -= amount
        if found.state == "held":
            self.model.wallet += amount
            found.state = "held" if found.amount else "taken"
            self.taken["clawed back, held"] += 1
        else:
            owed = sum(self.model.owed)
            self.model.take_back(amount)
            self.taken["clawed back, owed" if sum(self.model.owed) > owed else "clawed back"] += 1

    # --- to the influencer ------------------------------------------------------------------

    @rule(account=st.sampled_from(ACCOUNTS))
    def say_where(self, account: str) -> None:
        unit_of_work(
            lambda: payout_details.change(
                self.earner.actor, method=PayoutMethod.SANDBOX, destination={"account": account}
            )
        )
        self.account = account

    @rule(percent=percents)
    def withdraw(self, percent: int) -> None:
        amount = self._part_of(self.model.available, percent)
        act = lambda: service.withdraw(  # noqa: E731
            self.earner.actor, amount=Money(amount, "EUR")
        )
        if amount > self.model.available:
            with pytest.raises(InsufficientFunds):
                unit_of_work(act)
            return
        self._asked(unit_of_work(act).id, amount)

    @precondition(lambda self: self.model.withdrawals)
    @rule(pick=picks)
    def pay_out(self, pick: int) -> None:
        row_id = self._one(list(self.model.withdrawals), pick)
        found = self.model.withdrawals[row_id]
        amount, state, account = found
        with suppress(GatewayUnreachable):
            service.pay_out(row_id)
        if state == "queued":
            found[1] = {"fails": "failed", "slow": "sending", "unknown": "unknown"}.get(
                account, "paid"
            )
        elif state in OPEN:
            found[1] = "paid"
        self.taken[f"{state} to {found[1]}"] += 1
        if state in OPEN and found[1] == "failed":
            self.model.earn(amount)

    @precondition(lambda self: self.model.withdrawals)
    @rule(pick=picks, by=st.sampled_from(["earner", "admin", "stranger"]))
    def stop(self, pick: int, by: str) -> None:
        row_id = self._one(list(self.model.withdrawals), pick)
        found = self.model.withdrawals[row_id]

        def act() -> object:
            if by == "admin":
                return payout_approvals.refuse(
                    self.admin.actor, withdrawal_id=row_id, reason="Not now"
                )
            actor = self.earner.actor if by == "earner" else self.stranger.actor
            return service.cancel(actor, withdrawal_id=row_id)

        if by == "stranger":
            with pytest.raises(NotFound):
                unit_of_work(act)
            return
        if found[1] != "queued":
            with pytest.raises(RefusedTransition):
                unit_of_work(act)
            return
        unit_of_work(act)
        found[1] = "stopped"
        self.taken["stopped"] += 1
        self.model.earn(found[0])

    @precondition(lambda self: self._failed())
    @rule(pick=picks)
    def retry(self, pick: int) -> None:
        row_id = self._one(self._failed(), pick)
        found = self.model.withdrawals[row_id]

        def act() -> str:
            return payout_approvals.retry(self.admin.actor, withdrawal_id=row_id).id

        if found[0] > self.model.available:
            with pytest.raises(InsufficientFunds):
                unit_of_work(act)
            return
        made = unit_of_work(act)
        assert unit_of_work(act) == made
        found[1] = "repeated"
        self.taken["repeated"] += 1
        self._asked(made, found[0])

    # --- what must hold after each step -----------------------------------------------------

    @invariant()
    def every_balance_is_what_arithmetic_says(self) -> None:
        """Those of all accounts, the cash at the gateway among them."""
        found = self.witness.balances()
        assert {one: balance for one, balance in found.items() if balance} == self.model.balances()

    @invariant()
    def every_proof_holds(self) -> None:
        assert self.witness.broken() == []

    @invariant()
    def people_are_told_their_balances_now_and_then(self) -> None:
        self.step += 1
        if self.step % TOLD == 0:
            self.people_are_told()

    def people_are_told(self) -> None:
        """What the sponsor and the influencer read is what they have."""
        model = self.model
        [wallet] = service.wallet(self.payer.id)
        assert (wallet.available, wallet.held) == (model.wallet, sum(model.escrows.values()))
        [mine] = service.earnings(self.earner.id).balances
        assert (mine.available, mine.held, mine.in_flight) == (
            model.available,
            model.held,
            model.in_flight,
        )
        assert mine.owed == sum(model.owed)
        db.session.rollback()

    # --- parts ------------------------------------------------------------------------------

    def _hold(self, reference: str, parts: tuple[int, int, int]) -> None:
        fee, cap, platform_fee = parts
        unit_of_work(
            lambda: service.hold(
                SYSTEM,
                reference=reference,
                sponsor_id=self.payer.id,
                currency="EUR",
                fee=fee,
                commission_cap=cap,
                platform_fee=platform_fee,
            )
        )

    def _from_escrow(self, reference: str, amount: int, act: Any, times: int) -> bool:
        if amount > self.model.escrows[reference]:
            with pytest.raises(EscrowExhausted):
                unit_of_work(act)
            return False
        for _ in range(times):
            unit_of_work(act)
        self.model.escrows[reference] -= amount
        return True

    def _asked(self, row_id: str, amount: int) -> None:
        self.model.available -= amount
        self.model.withdrawals[row_id] = [amount, "queued", self.account]

    def _releases(self, state: str = "") -> list[Release]:
        return [
            r
            for r in self.model.releases
            if r.kind is PaymentKind.RELEASE and not r.decided and state in ("", r.state)
        ]

    def _failed(self) -> list[str]:
        return [row for row, found in self.model.withdrawals.items() if found[1] == "failed"]

    @staticmethod
    def _part_of(whole: int, percent: int) -> int:
        return max(1, whole * percent // 100)

    @staticmethod
    def _one(found: list[Any], pick: int) -> Any:
        return found[pick % len(found)]
