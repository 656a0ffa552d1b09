"""Users, sign-in sessions, API keys, sponsors with members, influencers with accounts."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Computed,
    Date,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.core.actor import MemberRole, Role, UserStatus
from app.core.clock import now
from app.core.folding import fold
from app.core.models import (
    Base,
    Timestamps,
    UtcDateTime,
    Versioned,
    choice,
    id_column,
    not_negative,
)
from app.identity.punctuality import shown


class User(Timestamps, Versioned, Base):
    """A person who can sign in. `email` is kept in lower case."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("role IN ('admin', 'sponsor', 'influencer')", name="role_of_a_person"),
        Index(None, "role", "status", "created_at", "id"),
        Index(None, "hidden"),
        Index(None, "created_at", "id"),
    )

    id: Mapped[str] = id_column("usr")
    email: Mapped[str] = mapped_column(String(254))
    email_verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    password_hash: Mapped[str] = mapped_column(String(200))
    password_changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    role: Mapped[Role] = mapped_column(choice(Role))
    status: Mapped[UserStatus] = mapped_column(choice(UserStatus))
    status_reason: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(120))
    locale: Mapped[str] = mapped_column(String(16), default="en")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    theme: Mapped[str] = mapped_column(String(8), default="system")
    hidden: Mapped[bool] = mapped_column(default=False)
    money_on_hold: Mapped[bool] = mapped_column(default=False)
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_last_used: Mapped[int | None] = mapped_column(BigInteger)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    membership: Mapped[SponsorMember | None] = relationship(
        back_populates="user", lazy="raise", uselist=False
    )
    influencer: Mapped[Influencer | None] = relationship(
        back_populates="user", lazy="raise", uselist=False
    )


class AuthSession(Base):
    """One sign-in on one device. The refresh token rotates; the last two ids are known."""

    __tablename__ = "auth_sessions"
    __table_args__ = (Index(None, "user_id", "revoked_at"), Index(None, "expires_at"))

    id: Mapped[str] = id_column("ses")
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    refresh_id: Mapped[str] = mapped_column(String(64))
    previous_refresh_id: Mapped[str | None] = mapped_column(String(64))
    rotated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    signed_in_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(64), default="")

    user: Mapped[User] = relationship(lazy="raise")


class RecoveryCode(Base):
    """A code that stands in for the authenticator, once; only its hash is kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[str] = id_column("rec")
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApiKey(Base):
    """A key for scripts; only its hash is kept."""

    __tablename__ = "api_keys"
    __table_args__ = (UniqueConstraint("key_hash"), Index(None, "user_id", "created_at"))

    id: Mapped[str] = id_column("key")
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    hint: Mapped[str] = mapped_column(String(12))
    key_hash: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="raise")


class SavedView(Timestamps, Versioned, Base):
    """Filters, sort and look of a list that a user keeps under a name; `query` is the part of
    the page's address behind the question mark. At most one a list opens by itself."""

    __tablename__ = "saved_views"
    __table_args__ = (
        UniqueConstraint("user_id", "list_name", "name_key"),
        Index(
            "uq_saved_views_default",
            "user_id",
            "list_name",
            unique=True,
            sqlite_where=text("is_default"),
            postgresql_where=text("is_default"),
        ),
    )

    id: Mapped[str] = id_column("svw")
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    list_name: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    name_key: Mapped[str] = mapped_column(String(200))
    query: Mapped[str] = mapped_column(String(1000))
    is_default: Mapped[bool] = mapped_column(default=False)

    @validates("name")
    def _key(self, _attribute: str, name: str) -> str:
        self.name_key = fold(name)[:200]
        return name


class SponsorKind(StrEnum):
    ORGANISATION = "organisation"
    INDIVIDUAL = "individual"


class Sponsor(Timestamps, Versioned, Base):
    """A brand's side of an agreement; it owns campaigns and wallets, its members act for it."""

    __tablename__ = "sponsors"
    __table_args__ = (
        UniqueConstraint("slug"),
        *not_negative("budget_amount", "payments_timed", "payments_on_time", "payment_seconds"),
        CheckConstraint("payments_on_time <= payments_timed", name="on_time_within_timed"),
        Index(None, "name", "id"),
    )

    id: Mapped[str] = id_column("spn")
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[SponsorKind] = mapped_column(choice(SponsorKind), default=SponsorKind.ORGANISATION)
    industry: Mapped[str] = mapped_column(String(80), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    site: Mapped[str] = mapped_column(String(2000), default="")
    country: Mapped[str] = mapped_column(String(80), default="")
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    budget_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    consents_to_assignments: Mapped[bool] = mapped_column(default=False)
    logo_file_id: Mapped[str | None] = mapped_column(
        ForeignKey("stored_files.id", ondelete="SET NULL")
    )
    rating_count: Mapped[int] = mapped_column(default=0)
    rating_sum: Mapped[int] = mapped_column(default=0)
    # How punctually it pays (see `punctuality`): the payments of the last year, and of which day.
    payments_timed: Mapped[int] = mapped_column(default=0)
    payments_on_time: Mapped[int] = mapped_column(default=0)
    payment_seconds: Mapped[int] = mapped_column(BigInteger, default=0)
    payments_timed_on: Mapped[date | None] = mapped_column(Date)

    members: Mapped[list[SponsorMember]] = relationship(back_populates="sponsor", lazy="raise")

    @property
    def punctuality(self) -> dict[str, Any]:
        """How punctually the sponsor pays, as it is shown."""
        return shown(self.payments_timed, self.payments_on_time, self.payment_seconds)


class SponsorMember(Base):
    """A user who acts for a sponsor; a user belongs to one sponsor."""

    __tablename__ = "sponsor_members"
    __table_args__ = (UniqueConstraint("user_id"), Index(None, "sponsor_id"))

    id: Mapped[str] = id_column("mem")
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    role: Mapped[MemberRole] = mapped_column(choice(MemberRole))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    sponsor: Mapped[Sponsor] = relationship(back_populates="members", lazy="raise")
    user: Mapped[User] = relationship(back_populates="membership", lazy="raise")


class MemberInvitation(Base):
    """An invitation to join a sponsor, sent by mail as a signed link."""

    __tablename__ = "member_invitations"
    __table_args__ = (UniqueConstraint("sponsor_id", "email"),)

    id: Mapped[str] = id_column("inv")
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[MemberRole] = mapped_column(choice(MemberRole))
    invited_by: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


def folded_name(name: str) -> str:
    """What a profile is found and sorted by: its name without case and accents."""
    return fold(name)[:120]


def _folded_name_of_row(context: DefaultExecutionContext) -> str:
    return folded_name(context.get_current_parameters()["name"])


class Influencer(Timestamps, Versioned, Base):
    """A public profile. `user_id` is empty for a profile that nobody has registered.

    `reach`, `followers` and `engagement_rate` are derived from the social accounts whenever
    those change (`identity.service.refresh_reach`); `name_key` follows the name, `rating` the
    stars.
    """

    __tablename__ = "influencers"
    __table_args__ = (
        UniqueConstraint("slug"),
        UniqueConstraint("user_id"),
        *not_negative("price_amount", "reach", "followers"),
        # One index a sort order of the public directory, each a whole keyset, and one for each
        # filter that may leave little. Almost every profile is listed, so none begins with that.
        Index(None, "reach", "id"),
        Index(None, "name_key", "id"),
        Index(None, "rating", "id"),
        Index(None, "created_at", "id"),
        Index(None, "country", "reach", "id"),
        Index(None, "language", "reach", "id"),
        Index(None, "currency", "price_amount", "id"),
        # The few that are not listed, to be taken off the counts of niches.
        Index(None, "listed"),
    )

    id: Mapped[str] = id_column("inf")
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    # Compared byte by byte on both databases, so that a prefix is a range of the index.
    name_key: Mapped[str] = mapped_column(
        String(120).with_variant(String(120, collation="C"), "postgresql"),
        default=_folded_name_of_row,
    )
    bio: Mapped[str] = mapped_column(Text, default="")
    country: Mapped[str] = mapped_column(String(80), default="")
    language: Mapped[str] = mapped_column(String(16), default="")
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    price_amount: Mapped[int | None] = mapped_column(BigInteger)
    available: Mapped[bool] = mapped_column(default=True)
    listed: Mapped[bool] = mapped_column(default=True)
    reach: Mapped[int] = mapped_column(BigInteger, default=0)
    followers: Mapped[int] = mapped_column(BigInteger, default=0)
    engagement_rate: Mapped[float | None]
    photo_file_id: Mapped[str | None] = mapped_column(
        ForeignKey("stored_files.id", ondelete="SET NULL")
    )
    rating_count: Mapped[int] = mapped_column(default=0)
    rating_sum: Mapped[int] = mapped_column(default=0)
    rating: Mapped[float] = mapped_column(
        Float(53),
        Computed(
            "CASE WHEN rating_count > 0 THEN CAST(rating_sum AS FLOAT) / rating_count ELSE 0 END",
            persisted=True,
        ),
    )

    user: Mapped[User | None] = relationship(back_populates="influencer", lazy="raise")
    accounts: Mapped[list[SocialAccount]] = relationship(
        back_populates="influencer", lazy="raise", order_by="SocialAccount.followers.desc()"
    )
    niche_rows: Mapped[list[InfluencerNiche]] = relationship(
        lazy="raise", order_by="InfluencerNiche.niche", cascade="all, delete-orphan"
    )

    @validates("name")
    def _fold_name(self, _attribute: str, name: str) -> str:
        self.name_key = folded_name(name)
        return name

    @property
    def niches(self) -> list[str]:
        """The names of the profile's niches (loaded with `niche_rows`)."""
        return [row.niche for row in self.niche_rows]


class InfluencerNiche(Base):
    """One niche of a profile; lower case."""

    __tablename__ = "influencer_niches"
    __table_args__ = (Index(None, "niche", "influencer_id"),)

    influencer_id: Mapped[str] = mapped_column(
        ForeignKey("influencers.id", ondelete="CASCADE"), primary_key=True
    )
    niche: Mapped[str] = mapped_column(String(60), primary_key=True)


class Platform(StrEnum):
    INSTAGRAM = "instagram"
    YOUTUBE = "youtube"
    TIKTOK = "tiktok"
    FACEBOOK = "facebook"
    X = "x"
    REDDIT = "reddit"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    BLOG = "blog"


class SocialAccount(Timestamps, Base):
    """An account of a profile on a platform. Engagement is per post: likes, comments, shares."""

    __tablename__ = "social_accounts"
    __table_args__ = (
        UniqueConstraint("platform", "handle"),
        *not_negative("followers", "average_engagement", "authentic_engagement"),
        Index(None, "influencer_id", "platform"),
    )

    id: Mapped[str] = id_column("soc")
    influencer_id: Mapped[str] = mapped_column(ForeignKey("influencers.id", ondelete="CASCADE"))
    platform: Mapped[Platform] = mapped_column(choice(Platform))
    handle: Mapped[str] = mapped_column(String(120))
    url: Mapped[str] = mapped_column(String(2000), default="")
    followers: Mapped[int] = mapped_column(BigInteger, default=0)
    average_engagement: Mapped[int | None] = mapped_column(BigInteger)
    authentic_engagement: Mapped[int | None] = mapped_column(BigInteger)
    audience_country: Mapped[str] = mapped_column(String(80), default="")
    source: Mapped[str] = mapped_column(String(40), default="stated")
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    influencer: Mapped[Influencer] = relationship(back_populates="accounts", lazy="raise")
