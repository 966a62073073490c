"""Signing off: a physician's outcome for one disputed item. There is no way to sign several at once."""

from __future__ import annotations

from sqlalchemy import Connection

from imr_rules.errors import CaseError, ConflictError, Place, PreconditionError, Problem
from imr_rules.server import audit
from imr_rules.server.audit import Entry
from imr_rules.server.clock import say_time
from imr_rules.server.context import Service
from imr_rules.server.keys import Actor
from imr_rules.server.messages import Item, SignOff, SignOffDone, position_of
from imr_rules.server.store import letters, replies, screenings, signoffs
from imr_rules.server.store.letters import SignedLetter
from imr_rules.server.store.replies import Once, Reply
from imr_rules.server.store.signoffs import Signed
from imr_rules.server.tasks.document import event
from imr_rules.server.tasks.intake import new_id
from imr_rules.server.tasks.reading import Opened, state_of
from imr_rules.writing.determination import digest_of


def sign(
    service: Service,
    actor: Actor,
    id: str,
    signoff: SignOff,
    *,
    version: int,
    once: Once | None = None,
    letter: bytes | None = None,
) -> Reply:
    """Record a sign-off; return the screening as it stands after it.

    An item may be signed again: every sign-off stays, and the last one counts. A ``letter`` that is signed with it
    is kept as it is, and its digest stands in the sign-off and in the audit.

    Raises:
        NotFoundError, GoneError: there is no such screening.
        PreconditionError: it is not at ``version``.
        ConflictError: it was amended, so that the amendment is what is to be signed.
        CaseError: the screening has no such item, or the position does not fit its suggestion.
    """
    at, sign_id = say_time(service.clock()), new_id()
    digest = None if letter is None else digest_of(letter)

    def work(connection: Connection) -> tuple[Reply, bool]:
        before = replies.recall(connection, once)
        if before is not None:
            return before, False
        now = state_of(connection, actor, id)
        item = _item_to_sign(now, signoff, version)
        screenings.bump_version(connection, actor.tenant, id, version)
        done = SignOffDone(
            **dict(signoff),
            id=sign_id,
            at=at,
            signed_by=actor.id,
            suggestion=item.suggestion,
            letter=digest,
        )
        signed = Signed(sign_id, id, version + 1, signoff.item, done.model_dump_json().encode())
        signoffs.add(connection, signed)
        screenings.set_outcome(connection, id, signoff.item, signoff.outcome)
        if letter is not None and digest is not None:
            letters.freeze(connection, id, SignedLetter(version + 1, digest, at, letter))
        audit.append(connection, [_entry(actor, now, signoff, item, sign_id, digest)], at)
        reply = state_of(connection, actor, id).reply
        if once is not None:
            replies.keep(connection, [(once, reply)], at)
        return reply, True

    reply, new = service.store.write(work)
    if new:
        service.metrics.signoffs.labels(signoff.position).inc()
    return reply


def _item_to_sign(now: Opened, signoff: SignOff, version: int) -> Item:
    if now.kept.version != version:
        hint = "read it again, and decide on what it says now"
        raise PreconditionError(
            Problem("changed-meanwhile", "the screening was changed meanwhile", hint=hint)
        )
    if now.kept.amended_by is not None:
        hint = f"sign {now.kept.amended_by}, which took its place"
        raise ConflictError(Problem("amended-already", "this screening was amended", hint=hint))
    item = next((each for each in now.kept.items if each.item == signoff.item), None)
    if item is None:
        raise CaseError(Problem("unknown-item", "the screening has no such item", Place(pointer="/item")))
    fits = position_of(signoff.outcome, item.suggestion)
    if signoff.position != fits:
        what = f"this outcome and the suggestion, {item.suggestion}, make the position {fits}"
        raise CaseError(Problem("position-does-not-fit", what, Place(pointer="/position")))
    return item


def _entry(
    actor: Actor, now: Opened, signoff: SignOff, item: Item, sign_id: str, letter: str | None
) -> Entry:
    position = next(place for place, each in enumerate(now.kept.items, 1) if each.item == item.item)
    details = {
        "signoff": sign_id,
        "item": position,  # its place: an id of the sender's may say anything
        "suggestion": item.suggestion,
        "outcome": signoff.outcome,
        "reason_code": signoff.reason_code,
        "lean_before": signoff.lean_before,
        "seconds_on_case": signoff.seconds_on_case,
        "evidence_opened": len(signoff.evidence_opened),
        "letter": letter,
    }
    given = {name: value for name, value in details.items() if value is not None}
    return event("overridden" if signoff.position == "override" else "signed", actor, now.kept, given)
