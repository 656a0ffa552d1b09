"""Jobs of payments; each is safe to run twice."""

from __future__ import annotations

from app.core.jobs import job
from app.payments import deposit_look_ups, payout_details, service, settlement


@job("payments.open_deposit")
def open_deposit(deposit_id: str) -> None:
    """Open a deposit at its gateway."""
    service.open_deposit(deposit_id)


@job("payments.pay_out")
def pay_out(withdrawal_id: str) -> None:
    """Send a withdrawal to its gateway."""
    service.pay_out(withdrawal_id)


@job("payments.pay_out_again")
def pay_out_again(withdrawal_id: str) -> dict[str, int]:
    """Send or look up a withdrawal of which nothing was heard; it ends well in any case."""
    return {"failed": int(not settlement.pay_out_again(withdrawal_id))}


@job("payments.mature", queue="deadlines")
def mature() -> dict[str, int]:
    """End the hold periods that are over."""
    return {"matured": service.mature_due()}


@job("payments.inbox")
def inbox() -> dict[str, int]:
    """Try again the gateway events that could not be applied."""
    return {"applied": service.retry_waiting_events()}


@job("payments.look_up_deposits")
def look_up_deposits() -> dict[str, int]:
    """Ask the gateways about deposits of which nothing was heard, and end what was never paid."""
    ended = deposit_look_ups.end_unpaid_deposits()
    return {"asked": service.look_up_deposits(), "ended": ended}


@job("payments.payouts")
def payouts() -> dict[str, int]:
    """Send or look up again the payouts of which nothing was heard; escalate the overdue ones."""
    return {
        "asked": service.try_payouts_again(),
        "escalated": settlement.escalate_overdue_payouts(),
    }


@job("payments.gateway_costs")
def gateway_costs() -> dict[str, int]:
    """Book what gateways charged, and the operator's own money there."""
    return {"seen": settlement.book_gateway_costs()}


@job("payments.forget_details")
def forget_details() -> dict[str, int]:
    """Drop the encrypted part of payout details that nothing needs any more."""
    return {"dropped": payout_details.drop_unused()}
