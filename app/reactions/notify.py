"""Who is told of what. A fact is added by one line of TOLD; its words are in `notifications`."""

from __future__ import annotations

from sqlalchemy import select

from app.ad_requests import events as agreements
from app.attribution import order_events as orders
from app.attribution.models import Order
from app.campaigns import events as campaigns
from app.campaigns.models import Campaign
from app.core.actor import MemberRole, Role, UserStatus
from app.core.events import Handler
from app.core.extensions import db
from app.core.jobs import enqueue
from app.identity import events as identity
from app.identity import people
from app.identity.models import Influencer, Sponsor, User
from app.moderation import events as moderation
from app.moderation.models import Flag
from app.notifications import news
from app.notifications.pages import Tab, account_page
from app.notifications.service import notify, send_mail
from app.payments import events as payments
from app.payments.clawback_models import Clawback
from app.payments.models import Deposit, Payment, Withdrawal
from app.reactions import agreement_news as told
from app.reactions.agreement_news import DECIDING, agreement

PAYING = (MemberRole.OWNER, MemberRole.FINANCE)


# --- accounts -----------------------------------------------------------------------------------


def registered(fact: identity.UserRegistered) -> None:
    """Ask the newcomer to confirm the address, and the admins to approve who waits."""
    news.mail_verification(fact.user_id)
    user = db.session.get_one(User, fact.user_id)
    if user.status is UserStatus.PENDING:
        notify(
            people.admins(),
            "account_waiting",
            subject_id=user.id,
            params={"name": user.name},
            link="/admin/approvals",
        )


def decided(fact: identity.UserDecided) -> None:
    """Tell the user what an admin decided; a rejected one has only the mailbox left."""
    user = db.session.get_one(User, fact.user_id)
    if fact.approved:
        link = f"/{user.role.value}"
        notify([user.id], "account_approved", subject_id=user.id, link=link)
    else:
        send_mail(user.email, "account_rejected", params={"reason": fact.reason}, user=user)


def closed(fact: moderation.AccountClosed) -> None:
    """Tell the user by mail; there is no signing in any more."""
    user = db.session.get_one(User, fact.user_id)
    send_mail(user.email, "account_closed", params={"reason": fact.reason}, user=user)


def confirmation_wanted(fact: identity.EmailConfirmationWanted) -> None:
    """Mail the link that confirms the present address."""
    news.mail_verification(fact.user_id)


def email_change_requested(fact: identity.EmailChangeRequested) -> None:
    """Mail the link to the new address."""
    news.mail_new_address(fact.user_id, fact.new_email)


def email_changed(fact: identity.EmailChanged) -> None:
    """Tell the address that was left, in case somebody else did it."""
    user = db.session.get_one(User, fact.user_id)
    send_mail(fact.old_email, "email_changed", params={"new_email": user.email}, user=user)


def reset_requested(fact: identity.PasswordResetRequested) -> None:
    """Leave the mail to a job, which takes the same time for known and unknown addresses."""
    enqueue("notifications.password_reset", user_id=fact.user_id)


def second_factor_changed(fact: identity.SecondFactorChanged) -> None:
    """Tell the user, who may be the one that did not do it."""
    kind = "second_factor_on" if fact.enabled else "second_factor_off"
    link = _account_page(fact.user_id, "security")
    notify([fact.user_id], kind, subject_id=fact.user_id, link=link)


def password_changed(fact: identity.PasswordChanged) -> None:
    """Tell the user, who may be the one that did not do it."""
    link = _account_page(fact.user_id, "security")
    notify([fact.user_id], "password_changed", subject_id=fact.user_id, link=link)


def api_key_made(fact: identity.ApiKeyMade) -> None:
    """Tell the user, who may be the one that did not do it."""
    link = _account_page(fact.user_id, "keys")
    params = {"name": fact.name}
    notify([fact.user_id], "api_key_made", subject_id=fact.key_id, params=params, link=link)


def member_invited(fact: identity.MemberInvited) -> None:
    """Mail the invitation."""
    news.mail_invitation(fact.invitation_id)


def member_joined(fact: identity.MemberJoined) -> None:
    """Tell the owners."""
    owners = people.members(fact.sponsor_id, (MemberRole.OWNER,))
    user = db.session.get_one(User, fact.user_id)
    notify(
        [owner for owner in owners if owner != user.id],
        "member_joined",
        subject_id=user.id,
        params={"name": user.name},
        link=account_page(Role.SPONSOR, "team"),
    )


def _account_page(user_id: str, tab: Tab) -> str:
    return account_page(db.session.get_one(User, user_id).role, tab)


# --- campaigns ----------------------------------------------------------------------------------


def campaign_submitted(fact: campaigns.CampaignSubmitted) -> None:
    """Tell the admins that one waits."""
    campaign = db.session.get_one(Campaign, fact.campaign_id)
    sponsor = db.session.get_one(Sponsor, campaign.sponsor_id)
    params = {"campaign": campaign.title, "sponsor": sponsor.name}
    notify(
        people.admins(),
        "campaign_waiting",
        subject_id=campaign.id,
        params=params,
        link="/admin/approvals",
    )


def campaign_news(kind: str) -> Handler:
    """A handler that tells the sponsor's deciding members of a campaign's fact."""

    def tell(fact: campaigns.CampaignPublished | campaigns.CampaignReturned) -> None:
        campaign = db.session.get_one(Campaign, fact.campaign_id)
        notify(
            people.members(campaign.sponsor_id, DECIDING),
            kind,
            subject_id=campaign.id,
            params={"campaign": campaign.title, "reason": getattr(fact, "reason", None)},
            link=f"/sponsor/campaigns/{campaign.id}",
        )

    return tell


# --- money --------------------------------------------------------------------------------------


def deposit_news(kind: str) -> Handler:
    """A handler that tells the members who look after the wallet."""

    def tell(fact: payments.DepositSettled | payments.DepositDeclined) -> None:
        notify(
            people.members(fact.sponsor_id, PAYING),
            kind,
            subject_id=fact.deposit_id,
            params={"amount": _amount(Deposit, fact.deposit_id)},
            link="/sponsor/wallet",
        )

    return tell


def withdrawal_news(kind: str) -> Handler:
    """A handler that tells the influencer who is paid."""

    def tell(
        fact: payments.WithdrawalPaid | payments.WithdrawalFailed | payments.WithdrawalRefused,
    ) -> None:
        notify(
            people.behind(fact.influencer_id),
            kind,
            subject_id=fact.withdrawal_id,
            params={
                "amount": _amount(Withdrawal, fact.withdrawal_id),
                "reason": db.session.get_one(Withdrawal, fact.withdrawal_id).failure,
            },
            link="/influencer/earnings",
        )

    return tell


def taken_back(fact: payments.FundsTakenBack) -> None:
    """Tell the influencer how much goes back, and why."""
    row = db.session.get_one(Clawback, fact.clawback_id)
    notify(
        people.behind(fact.influencer_id),
        "earnings_taken_back",
        subject_id=row.id,
        params={
            "amount": {"amount": row.amount, "currency": row.currency},
            "reason": row.reason,
        },
        link="/influencer/earnings",
    )


def order_edited(fact: orders.OrderEdited) -> None:
    """Tell whoever pays that an order is recorded with another total than the shop names."""
    row = db.session.get_one(Order, fact.order_id)
    notify(
        people.members(fact.sponsor_id, PAYING),
        "order_edited",
        subject_id=row.id,
        params={
            "number": row.external_id,
            "recorded": {"amount": row.total_amount, "currency": row.currency},
            "told": {"amount": row.told_amount, "currency": row.told_currency},
        },
        link=f"/sponsor/orders/{row.id}",
    )


def wallet_returned(fact: payments.WalletReturned) -> None:
    """Tell the members who look after the wallet how much was sent back, and why."""
    row = db.session.get_one(Payment, fact.payment_id)
    notify(
        people.members(fact.sponsor_id, PAYING),
        "wallet_returned",
        subject_id=row.id,
        params={
            "amount": {"amount": row.amount, "currency": row.currency},
            "reason": fact.reason,
        },
        link="/sponsor/wallet",
    )


def withdrawal_for_admins(kind: str) -> Handler:
    """A handler that tells the admins of a withdrawal that waits for them."""

    def tell(fact: payments.WithdrawalAwaitsApproval | payments.WithdrawalOverdue) -> None:
        influencer = db.session.get_one(Influencer, fact.influencer_id)
        overdue = isinstance(fact, payments.WithdrawalOverdue)
        notify(
            people.admins(),
            kind,
            subject_id=fact.withdrawal_id,
            params={
                "amount": _amount(Withdrawal, fact.withdrawal_id),
                "influencer": influencer.name,
            },
            link=f"/admin/payouts/{fact.withdrawal_id}" if overdue else "/admin/payouts",
        )

    return tell


def money_rule_changed(fact: moderation.MoneyRuleChanged) -> None:
    """Tell every admin, whoever did it."""
    by = db.session.scalar(select(User.name).where(User.id == fact.changed_by))
    notify(
        people.admins(),
        "money_rule_changed",
        subject_id=fact.name[:32],
        params={
            "name": fact.name,
            "before": fact.before,
            "after": fact.after,
            "by": by or fact.changed_by,
        },
        link="/admin/settings",
    )


def payout_details_changed(fact: payments.PayoutDetailsChanged) -> None:
    """Tell the influencer, who may be the one that did not do it."""
    notify(
        people.behind(fact.influencer_id),
        "payout_details_changed" if fact.label else "payout_details_removed",
        subject_id=fact.influencer_id,
        params={"label": fact.label},
        link="/influencer/earnings",
    )


def _amount(model: type[Deposit | Withdrawal], row_id: str) -> dict[str, object] | None:
    row = db.session.execute(
        select(Payment.amount, Payment.currency)
        .join(model, model.payment_id == Payment.id)
        .where(model.id == row_id)
    ).one_or_none()
    return {"amount": row.amount, "currency": row.currency} if row else None


# --- order --------------------------------------------------------------------------------------


def flag_news(kind: str) -> Handler:
    """A handler that tells whom a flag concerns: the user, or the campaign's sponsor."""

    def tell(fact: moderation.FlagRaised | moderation.FlagLifted | moderation.FlagUpheld) -> None:
        name, user_ids = _flagged(fact.subject_type, fact.subject_id)
        for user_id in user_ids:
            role = db.session.get_one(User, user_id).role.value
            notify(
                [user_id],
                kind,
                subject_id=fact.flag_id,
                params={"subject": name, "reason": fact.reason},
                link=f"/{role}/appeals",
            )

    return tell


def appeal_made(fact: moderation.AppealMade) -> None:
    """Tell the admins that one waits."""
    flag = db.session.get_one(Flag, fact.flag_id)
    name, _ = _flagged(flag.subject_type.value, flag.subject_id)
    notify(
        people.admins(),
        "appeal_made",
        subject_id=fact.appeal_id,
        params={"subject": name},
        link="/admin/flags",
    )


def _flagged(subject_type: str, subject_id: str) -> tuple[str, list[str]]:
    if subject_type == "campaign":
        campaign = db.session.get_one(Campaign, subject_id)
        return campaign.title, people.members(campaign.sponsor_id, DECIDING)
    return db.session.get_one(User, subject_id).name, [subject_id]


TOLD: tuple[tuple[type, Handler], ...] = (
    (identity.UserRegistered, registered),
    (identity.UserDecided, decided),
    (identity.EmailConfirmationWanted, confirmation_wanted),
    (identity.EmailChangeRequested, email_change_requested),
    (identity.EmailChanged, email_changed),
    (identity.PasswordResetRequested, reset_requested),
    (identity.PasswordChanged, password_changed),
    (identity.SecondFactorChanged, second_factor_changed),
    (identity.ApiKeyMade, api_key_made),
    (identity.MemberInvited, member_invited),
    (identity.MemberJoined, member_joined),
    (moderation.AccountClosed, closed),
    (moderation.FlagRaised, flag_news("flag_raised")),
    (moderation.FlagLifted, flag_news("flag_lifted")),
    (moderation.FlagUpheld, flag_news("flag_upheld")),
    (moderation.AppealMade, appeal_made),
    (moderation.MoneyRuleChanged, money_rule_changed),
    (campaigns.CampaignSubmitted, campaign_submitted),
    (campaigns.CampaignReturned, campaign_news("campaign_returned")),
    (campaigns.CampaignPublished, campaign_news("campaign_published")),
    (payments.DepositSettled, deposit_news("deposit_settled")),
    (payments.DepositDeclined, deposit_news("deposit_declined")),
    (payments.WalletReturned, wallet_returned),
    (payments.WithdrawalPaid, withdrawal_news("withdrawal_paid")),
    (payments.WithdrawalFailed, withdrawal_news("withdrawal_failed")),
    (payments.WithdrawalRefused, withdrawal_news("withdrawal_refused")),
    (payments.WithdrawalAwaitsApproval, withdrawal_for_admins("withdrawal_waiting")),
    (payments.WithdrawalOverdue, withdrawal_for_admins("withdrawal_overdue")),
    (payments.FundsTakenBack, taken_back),
    (payments.PayoutDetailsChanged, payout_details_changed),
    (orders.OrderEdited, order_edited),
    (agreements.AdRequestProposed, told.proposed),
    (agreements.AssignmentConsented, agreement("offer_made", to="influencer")),
    (agreements.OfferCountered, told.countered),
    (agreements.OfferExtended, agreement("offer_extended", to="other")),
    (agreements.AdRequestAccepted, agreement("offer_accepted", to="both")),
    (agreements.AdRequestRejected, agreement("offer_rejected", to="other")),
    (agreements.AdRequestWithdrawn, agreement("offer_withdrawn", to="other")),
    (agreements.AdRequestExpired, agreement("offer_expired", to="both")),
    (agreements.ApplicantToldOfTerms, agreement("terms_changed", to="influencer")),
    (agreements.DeliverableDueSoon, told.due_soon),
    (agreements.DeliverableSubmitted, agreement("submission_made", to="sponsor")),
    (agreements.ChangesRequested, agreement("changes_requested", to="influencer")),
    (agreements.ReviewExtended, agreement("review_extended", to="influencer")),
    (agreements.DeliverableApproved, agreement("content_approved", to="influencer")),
    (agreements.DeliverablePublished, agreement("content_published", to="sponsor")),
    (agreements.LiveCheckFailed, agreement("live_check_failed", to="both")),
    (agreements.DeliverableCompleted, agreement("deliverable_paid", to="both")),
    (agreements.CancellationRequested, agreement("cancellation_requested", to="other")),
    (agreements.DeliverableCancelled, agreement("deliverable_cancelled", to="both")),
    (agreements.AdRequestCompleted, agreement("agreement_completed", to="both")),
    (agreements.AdRequestCancelled, agreement("agreement_cancelled", to="both")),
    (agreements.DisputeOpened, agreement("dispute_opened", to="both")),
    (agreements.DisputeAnswered, agreement("dispute_answered", to="other")),
    (agreements.DisputeEscalated, agreement("dispute_escalated", to="admins")),
    (agreements.DisputeDecided, agreement("dispute_decided", to="both")),
    (agreements.MessagePosted, told.message),
    (agreements.RatingsRevealed, agreement("ratings_revealed", to="both")),
)
