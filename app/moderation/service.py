"""Flags, decisions and appeals.

A flag's effect is in force from the next request on: the sum of all flags of a subject is put on
it in the same unit of work.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import NotFound
from app.core.events import publish
from app.core.extensions import db
from app.core.options import Option
from app.moderation import queries, subjects
from app.moderation.errors import AnotherAdmin, AppealClosed, NotFlagged
from app.moderation.events import AppealMade, FlagLifted, FlagRaised, FlagUpheld
from app.moderation.lifecycle import FLAG, FlagEvent, FlagStatus
from app.moderation.models import Appeal, Flag
from app.moderation.terms import (
    DEFAULT_EFFECT,
    DEFAULT_SEVERITY,
    Effect,
    Severity,
    SubjectType,
)

APPEAL_DAYS = Option(
    "appeal_days", 14, "How long a flag can be appealed.", lowest=1, highest=365, unit="days"
)


def flag(
    actor: Actor,
    *,
    subject_type: SubjectType,
    subject_id: str,
    effect: Effect | None = None,
    reason: str = "",
    severity: Severity | None = None,
    evidence: Sequence[dict[str, Any]] = (),
    rule: str | None = None,
) -> Flag:
    """Raise a flag; its effect holds at once.

    Left out, the effect is suspend for a user and hide for a campaign. `rule` names the rule
    behind a flag that the system raises. Raises NotFound, OwnAccount, AdminsFlagAdmins,
    LastAdmin, Invalid, RefusedTransition (a closed account cannot be suspended).
    """
    effect = effect or DEFAULT_EFFECT[subject_type]
    user = subjects.lock(actor, subject_type, subject_id)
    subjects.require_flaggable(actor, user, effect)
    raised = Flag(
        subject_type=subject_type,
        subject_id=subject_id,
        effect=effect,
        severity=severity or DEFAULT_SEVERITY[effect],
        reason=reason,
        evidence=list(evidence),
        rule=rule,
        raised_by=actor.label,
        appeal_by=now() + timedelta(days=APPEAL_DAYS.get()),
    )
    raised.appeal = None
    db.session.add(raised)
    db.session.flush()
    subjects.apply(actor, subject_type, subject_id)
    _record(actor, raised, "flag.raised", effect=effect.value, rule=rule)
    publish(FlagRaised(raised.id, subject_type.value, subject_id, effect.value, reason))
    return raised


def unflag(
    actor: Actor,
    *,
    subject_type: SubjectType,
    subject_id: str,
    reason: str | None = None,
    effect: Effect | None = None,
) -> list[Flag]:
    """Lift every flag of a subject (or those with `effect`); gives the lifted ones.

    Raises NotFound, OwnAccount, NotFlagged.
    """
    subjects.lock(actor, subject_type, subject_id)
    flags = [
        found
        for found in db.session.scalars(queries.in_force(subject_type, subject_id))
        if effect is None or found.effect is effect
    ]
    if not flags:
        raise NotFlagged("Nothing was changed.", state="not_flagged", event="lift")
    for found in flags:
        _close(actor, found, FlagEvent.LIFT, reason)
    subjects.apply(actor, subject_type, subject_id)
    return flags


def decide(actor: Actor, *, flag_id: str, uphold: bool, reason: str) -> Flag:
    """Look at a flag again: it stays, or is lifted with its effect.

    An appeal is decided by another admin than the one who raised the flag, where there is one.
    Raises NotFound, OwnAccount, AnotherAdmin, RefusedTransition.
    """
    found = get(flag_id)
    subjects.lock(actor, found.subject_type, found.subject_id)
    # Read again behind the lock: an unflag may have come first.
    db.session.scalar(queries.flag_for_change(flag_id))
    appealed = found.status is FlagStatus.APPEALED
    if appealed and actor.user_id in (found.raised_by, found.decided_by) and _others(actor):
        raise AnotherAdmin("The flag is yours. You may still withdraw it: unflag the subject.")
    _close(actor, found, FlagEvent.UPHOLD if uphold else FlagEvent.LIFT, reason)
    if uphold:
        publish(FlagUpheld(found.id, found.subject_type.value, found.subject_id, reason, appealed))
    subjects.apply(actor, found.subject_type, found.subject_id)
    return found


def appeal(actor: Actor, *, flag_id: str, text: str) -> Appeal:
    """Answer a flag on the own account or on a campaign of the own sponsor, once.

    Raises NotFound, AppealClosed after the deadline or a first appeal, RefusedTransition.
    """
    found = db.session.scalar(
        queries.flags_of(actor).where(Flag.id == flag_id).with_for_update(of=Flag)
    )
    if found is None:
        raise NotFound
    if found.appeal is not None:
        raise AppealClosed("There was an appeal already; there is one a flag.")
    FLAG.target(found.status, FlagEvent.APPEAL)
    if now() > found.appeal_by:
        raise AppealClosed("The time to appeal has passed.", appeal_by=found.appeal_by.isoformat())
    FLAG.move(found, actor, FlagEvent.APPEAL)
    made = Appeal(flag_id=found.id, made_by=str(actor.user_id), text=text)
    made.flag = found
    db.session.add(made)
    db.session.flush()
    _record(actor, found, "flag.appealed", appeal_id=made.id)
    publish(AppealMade(made.id, found.id, made.made_by))
    return made


def get(flag_id: str) -> Flag:
    """A flag with its appeal. Raises NotFound."""
    found = db.session.scalar(queries.flags().where(Flag.id == flag_id))
    if found is None:
        raise NotFound
    return found


def _others(actor: Actor) -> set[str]:
    return set(db.session.scalars(queries.active_admins())) - {str(actor.user_id)}


def _close(actor: Actor, found: Flag, event: FlagEvent, reason: str | None) -> None:
    moment = now()
    decision = {"decided_by": actor.label, "decided_at": moment, "decision_reason": reason}
    outcome = FLAG.move(found, actor, event, note=reason, **decision)
    if found.appeal is not None and found.appeal.outcome is None:
        found.appeal.outcome = outcome
        found.appeal.decided_by = actor.label
        found.appeal.decided_at = moment
        found.appeal.decision_reason = reason
    db.session.flush()
    _record(actor, found, f"flag.{outcome.value}")
    if event is FlagEvent.LIFT:
        publish(FlagLifted(found.id, found.subject_type.value, found.subject_id, reason))


def _record(actor: Actor, found: Flag, action: str, **data: Any) -> None:
    record(
        actor,
        action,
        subject_type=found.subject_type.value,
        subject_id=found.subject_id,
        flag_id=found.id,
        **data,
    )
