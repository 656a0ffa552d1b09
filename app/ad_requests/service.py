"""What other domains and the surfaces call. Each part has its own module; this is the face."""

from __future__ import annotations

from app.ad_requests.campaign_changes import (
    close_all_proposals,
    close_proposals,
    tell_of_new_terms,
)
from app.ad_requests.cancellation import cancel
from app.ad_requests.conversations import mark_read
from app.ad_requests.deadlines import enforce as enforce_deadlines
from app.ad_requests.delivery import (
    approve,
    confirm,
    extend,
    publish,
    request_changes,
    submit,
)
from app.ad_requests.disputes import answer as answer_dispute
from app.ad_requests.disputes import decide as decide_dispute
from app.ad_requests.disputes import dispute
from app.ad_requests.live_check import check as check_publication
from app.ad_requests.live_check import plan as plan_checks
from app.ad_requests.live_check import record_live_check
from app.ad_requests.live_check import request as request_check
from app.ad_requests.messages import post as post_message
from app.ad_requests.negotiation import accept, counter, expire, reject, withdraw
from app.ad_requests.ownership import get_for
from app.ad_requests.proposals import apply, assign, invite
from app.ad_requests.ratings import rate
from app.ad_requests.settlement import pay_commission, return_unused, take_back_commission

__all__ = [
    "accept",
    "answer_dispute",
    "apply",
    "approve",
    "assign",
    "cancel",
    "check_publication",
    "close_all_proposals",
    "close_proposals",
    "confirm",
    "counter",
    "decide_dispute",
    "dispute",
    "enforce_deadlines",
    "expire",
    "extend",
    "get_for",
    "invite",
    "mark_read",
    "pay_commission",
    "plan_checks",
    "post_message",
    "publish",
    "rate",
    "record_live_check",
    "reject",
    "request_changes",
    "request_check",
    "return_unused",
    "submit",
    "take_back_commission",
    "tell_of_new_terms",
    "withdraw",
]
