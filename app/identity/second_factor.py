"""Time-based one-time codes (RFC 6238) and the recovery codes that stand in for them."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

import pyotp
from sqlalchemy import delete, or_, update

from app.audit.service import record
from app.core.actor import Actor, Role
from app.core.clock import now
from app.core.encryption import decrypt, encrypt
from app.core.errors import Forbidden, Invalid
from app.core.events import publish
from app.core.extensions import db
from app.core.ids import new_code
from app.core.settings import settings
from app.core.statements import changed_rows
from app.core.transaction import unit_of_work
from app.identity import account
from app.identity.errors import OtpRequired, SecondFactorState, WrongOtp
from app.identity.events import SecondFactorChanged
from app.identity.models import RecoveryCode, User

ISSUER = "Accord"
STEP_SECONDS = 30
STEPS_OFF = (0, -1, 1)  # clocks of telephones may be half a minute off
RECOVERY_CODES = 10
RECOVERY_CODE_LENGTH = 16


@dataclass(frozen=True)
class Setup:
    """What an authenticator needs: the secret, and the same as an otpauth address."""

    secret: str
    uri: str


def begin(actor: Actor) -> Setup:
    """Make a secret that `confirm` puts into force. Raises SecondFactorState when one is."""
    user = _own_row(actor)
    if user.totp_confirmed_at is not None:
        raise SecondFactorState("Switch the present authenticator off first.")
    secret = pyotp.random_base32()
    user.totp_secret = encrypt(secret)
    user.totp_last_used = None
    db.session.flush()
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER)
    return Setup(secret, uri)


def confirm(actor: Actor, *, otp: str) -> list[str]:
    """Put the secret into force once its first code is right; returns the recovery codes.

    They are shown this once. Raises SecondFactorState, and Invalid for a wrong code: whoever asks
    is signed in, and stays so.
    """
    user = _own_row(actor)
    if user.totp_confirmed_at is not None or user.totp_secret is None:
        raise SecondFactorState("Begin the set-up again.")
    step = _matching_step(user.totp_secret, otp)
    if step is None:
        raise Invalid(otp="This code is not right. Wait for the next one and try again.")
    user.totp_confirmed_at = now()
    user.totp_last_used = step
    user.touch()
    codes = _replace_recovery_codes(user.id)
    record(actor, "user.second_factor_on", subject_type="user", subject_id=user.id)
    publish(SecondFactorChanged(user.id, enabled=True))
    return codes


def disable(actor: Actor, *, password: str) -> None:
    """Switch the second factor off (opens its own unit of work).

    Raises Invalid for a wrong password, SecondFactorState, and Forbidden where admins need one.
    """
    if actor.role is Role.ADMIN and settings().require_admin_totp:
        raise Forbidden("Admins need a second factor here.")
    account.check_own_password(actor, password, field="password")

    def work() -> None:
        user = _own_row(actor)
        if user.totp_confirmed_at is None:
            raise SecondFactorState("It is off already.")
        user.totp_secret = user.totp_confirmed_at = user.totp_last_used = None
        user.touch()
        db.session.flush()
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
        record(actor, "user.second_factor_off", subject_type="user", subject_id=user.id)
        publish(SecondFactorChanged(user.id, enabled=False))

    unit_of_work(work)


def new_recovery_codes(actor: Actor) -> list[str]:
    """Replace the recovery codes; the old ones stop working. Raises SecondFactorState."""
    user = _own_row(actor)
    if user.totp_confirmed_at is None:
        raise SecondFactorState("Set up an authenticator first.")
    record(actor, "user.recovery_codes_replaced", subject_type="user", subject_id=user.id)
    return _replace_recovery_codes(user.id)


def check(user: User, otp: str | None) -> None:
    """Take the second step of a sign-in (opens its own unit of work); nothing without a factor.

    A code works once. Raises OtpRequired, WrongOtp.
    """
    if user.totp_confirmed_at is None or user.totp_secret is None:
        return
    if not otp:
        raise OtpRequired("Give the code of your authenticator, or a recovery code, as otp.")
    secret, user_id = user.totp_secret, user.id
    step = _matching_step(secret, otp)
    used = unit_of_work(
        lambda: _use_step(user_id, step) if step is not None else _use_recovery_code(user_id, otp)
    )
    if not used:
        raise _wrong()


def confirm_identity(actor: Actor, *, password: str, otp: str | None = None) -> None:
    """Make the session fresh by the password and, where an authenticator is set, its code.

    Opens its own units of work. Raises Invalid, and Forbidden for API keys.
    """
    if actor.session_id is None:
        raise Forbidden("Sign in with your password; an API key cannot confirm one.")
    account.check_own_password(actor, password, field="password")
    user = db.session.get_one(User, actor.user_id)
    try:
        check(user, otp)
    except OtpRequired as missing:
        raise Invalid(otp="Give the code of your authenticator, or a recovery code.") from missing
    except WrongOtp as wrong:
        # Whoever asks is signed in, and stays so.
        raise Invalid(otp="This code is not right, or it was used already.") from wrong
    account.make_fresh(actor)


def _matching_step(secret: bytes, otp: str) -> int | None:
    given = otp.replace(" ", "")
    if not (len(given) == 6 and given.isascii() and given.isdigit()):
        return None
    totp = pyotp.TOTP(decrypt(secret))
    present = int(now().timestamp()) // STEP_SECONDS
    for off in STEPS_OFF:
        if secrets.compare_digest(totp.generate_otp(present + off), given):
            return present + off
    return None


def _use_step(user_id: str, step: int) -> bool:
    unused = or_(User.totp_last_used.is_(None), User.totp_last_used < step)
    use = update(User).where(User.id == user_id, unused).values(totp_last_used=step)
    return changed_rows(use) == 1


def _use_recovery_code(user_id: str, code: str) -> bool:
    use = (
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == _hash_of(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
    )
    return changed_rows(use) == 1


def _replace_recovery_codes(user_id: str) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [_readable(new_code(RECOVERY_CODE_LENGTH)) for _ in range(RECOVERY_CODES)]
    db.session.add_all([RecoveryCode(user_id=user_id, code_hash=_hash_of(c)) for c in codes])
    db.session.flush()
    return codes


def _readable(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _hash_of(code: str) -> str:
    # 80 random bits: a plain hash is enough.
    plain = "".join(character for character in code.lower() if character.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def _wrong() -> WrongOtp:
    return WrongOtp(
        "Wait for the next code and try again, or use a recovery code.",
        errors={"otp": ["This code is not right, or it was used already."]},
    )


def _own_row(actor: Actor) -> User:
    return db.session.get_one(User, actor.user_id, with_for_update=True)
