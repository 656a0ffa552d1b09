"""Profiles as their owners edit them: the sponsor's, the influencer's, and social accounts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.audit.service import record
from app.core.actor import Actor
from app.core.caching import invalidate
from app.core.errors import Conflict, Invalid, NotFound
from app.core.events import publish
from app.core.extensions import db
from app.core.money import Money
from app.files import service as files
from app.files.models import StoredFile
from app.identity import queries
from app.identity.errors import AccountTaken, TooManyKept
from app.identity.events import SponsorChanged
from app.identity.models import Influencer, Platform, SocialAccount, Sponsor
from app.identity.service import DIRECTORY, NICHES, SPONSORS, refresh_reach, set_niches

MOST_ACCOUNTS = 20
STATED = "stated"

PHOTO = "influencer_photo"
LOGO = "sponsor_logo"
files.register_public(PHOTO, LOGO)


def sponsor_of(actor: Actor, *, lock: bool = False) -> Sponsor:
    """The sponsor that the actor acts for. Raises NotFound."""
    statement = select(Sponsor).where(Sponsor.id == actor.sponsor_id)
    sponsor = db.session.scalar(statement.with_for_update() if lock else statement)
    if sponsor is None:
        raise NotFound
    return sponsor


def update_sponsor(actor: Actor, sponsor: Sponsor, **changes: Any) -> Sponsor:
    """Change the sponsor's profile; `budget` is a Money, `logo_file_id` an upload or None.

    Raises Invalid for a file that is no picture of the actor's.
    """
    before = sponsor.consents_to_assignments
    shown_before = _shown_with_campaigns(sponsor)
    budget: Money | None = changes.pop("budget", None)
    if budget is not None:
        changes |= {"budget_amount": budget.amount, "currency": budget.currency}
    if "logo_file_id" in changes:
        _change_picture(actor, sponsor, "logo_file_id", LOGO, changes.pop("logo_file_id"))
    for name, value in changes.items():
        setattr(sponsor, name, value)
    sponsor.touch()
    db.session.flush()
    if sponsor.consents_to_assignments != before:
        # This lets admins commit the sponsor to agreements.
        record(
            actor,
            "sponsor.consent_changed",
            subject_type="sponsor",
            subject_id=sponsor.id,
            consents=sponsor.consents_to_assignments,
        )
    if _shown_with_campaigns(sponsor) != shown_before:
        publish(SponsorChanged(sponsor.id))
    invalidate(SPONSORS)
    return sponsor


def _shown_with_campaigns(sponsor: Sponsor) -> tuple[str | None, ...]:
    return sponsor.name, sponsor.slug, sponsor.industry, sponsor.logo_file_id


def influencer_of(actor: Actor, *, lock: bool = False) -> Influencer:
    """The actor's own profile with niches and accounts. Raises NotFound."""
    statement = queries.influencers().where(Influencer.id == actor.influencer_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    influencer = db.session.scalar(statement)
    if influencer is None:
        raise NotFound
    return influencer


def update_influencer(actor: Actor, influencer: Influencer, **changes: Any) -> Influencer:
    """Change the own profile; `price` is a Money or None, `niches` a list of names.

    Raises Invalid for a file that is no picture of the actor's.
    """
    if "price" in changes:
        price: Money | None = changes.pop("price")
        influencer.price_amount = price.amount if price else None
        influencer.currency = price.currency if price else influencer.currency
    if "photo_file_id" in changes:
        _change_picture(actor, influencer, "photo_file_id", PHOTO, changes.pop("photo_file_id"))
    if "niches" in changes:
        set_niches(influencer, changes.pop("niches"))
        invalidate(NICHES)
    if changes.get("listed", influencer.listed) != influencer.listed:
        invalidate(NICHES)
    for name, value in changes.items():
        setattr(influencer, name, value)
    influencer.touch()
    db.session.flush()
    invalidate(DIRECTORY)
    return influencer


def accounts_of(actor: Actor) -> list[SocialAccount]:
    """The actor's social accounts, the largest first."""
    return list(influencer_of(actor).accounts)


def add_account(
    actor: Actor, *, platform: Platform, handle: str, url: str, followers: int, **figures: Any
) -> SocialAccount:
    """Add a social account with figures as the owner states them.

    Raises AccountTaken when any profile has it, TooManyKept.
    """
    influencer = influencer_of(actor, lock=True)
    count = db.session.scalar(
        select(func.count())
        .select_from(SocialAccount)
        .where(SocialAccount.influencer_id == influencer.id)
    )
    if (count or 0) >= MOST_ACCOUNTS:
        raise TooManyKept(f"A profile has at most {MOST_ACCOUNTS} social accounts.")
    account = SocialAccount(
        influencer_id=influencer.id,
        platform=platform,
        handle=plain_handle(handle),
        url=url,
        followers=followers,
        source=STATED,
        **figures,
    )
    db.session.add(account)
    _flush_account()
    refresh_reach(influencer)
    return account


def update_account(actor: Actor, *, account_id: str, **changes: Any) -> SocialAccount:
    """Change a social account; figures that were measured are not overwritten by stated ones.

    Raises NotFound, AccountTaken, Conflict.
    """
    account, influencer = _own_account(actor, account_id)
    figures = {"followers", "average_engagement"} & changes.keys()
    if figures and account.source != STATED:
        raise Conflict("These figures were measured; they follow the platform, not the form.")
    handle = plain_handle(changes.pop("handle", account.handle))
    if handle != account.handle:
        # Another account: what was measured and verified of the old one says nothing about it.
        account.handle = handle
        account.verified_at = None
        account.authentic_engagement = None
        account.source = STATED
    for name, value in changes.items():
        setattr(account, name, value)
    _flush_account()
    refresh_reach(influencer)
    return account


def remove_account(actor: Actor, *, account_id: str) -> None:
    """Take a social account off the profile. Raises NotFound."""
    account, influencer = _own_account(actor, account_id)
    db.session.delete(account)
    db.session.flush()
    refresh_reach(influencer)


def plain_handle(handle: str) -> str:
    """A handle as it is compared: without @, in lower case."""
    return handle.strip().lstrip("@").lower()


def _own_account(actor: Actor, account_id: str) -> tuple[SocialAccount, Influencer]:
    influencer = influencer_of(actor, lock=True)
    account = db.session.scalar(
        select(SocialAccount).where(
            SocialAccount.id == account_id, SocialAccount.influencer_id == influencer.id
        )
    )
    if account is None:
        raise NotFound
    return account, influencer


def _flush_account() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise AccountTaken("If it is yours, ask an admin to hand it over.") from error


def _change_picture(
    actor: Actor, owner: Sponsor | Influencer, column: str, subject: str, file_id: str | None
) -> None:
    old: str | None = getattr(owner, column)
    if file_id == old:
        return
    if file_id is not None:
        try:
            (picture,) = files.attach(
                actor, file_ids=[file_id], subject_type=subject, subject_id=owner.id
            )
        except Invalid:
            raise Invalid(**{column: "Give a picture that you uploaded."}) from None
        if not picture.is_image:
            raise Invalid(**{column: "Give a picture."})
    setattr(owner, column, file_id)
    db.session.flush()
    previous = db.session.get(StoredFile, old) if old else None
    if previous is not None:
        files.remove(previous)
