"""Taking many cases in: a line a case, and each line answers for itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from imr_rules.errors import EngineError, ImrRulesError
from imr_rules.rulebook import Rulebook
from imr_rules.server.clock import say_time
from imr_rules.server.context import Service
from imr_rules.server.keys import Actor
from imr_rules.server.logs import Fault
from imr_rules.server.reading import read_json
from imr_rules.server.store import replies
from imr_rules.server.store.replies import Once, Reply
from imr_rules.server.tasks import intake
from imr_rules.server.tasks.intake import Prepared, Stored
from imr_rules.server.workers import SMALL_BYTES, SMALL_ITEMS


class Line(NamedTuple):
    """A line of a batch: its number from 1, and its bytes."""

    number: int
    content: bytes


class Answered(NamedTuple):
    """What became of a line: the reply, or the error it gets."""

    line: Line
    reply: Reply | None
    error: ImrRulesError | None


class Asked(NamedTuple):
    """A line, and the request it is where the batch is to be done once."""

    line: Line
    once: Once | None


def take_in_lines(
    service: Service, actor: Actor, lines: Sequence[Line], once: Once | None = None
) -> list[Answered]:
    """Screen the cases of some lines and store them in one transaction.

    Where the whole is to be done once, so is each line by itself: a batch that broke off can be sent again.

    Raises:
        StoreError: to screen them takes longer than a request may; none of them is stored.
    """
    asked = [Asked(line, once.part(f"line {line.number}", line.content) if once else None) for line in lines]
    answers = _answered_before(service, asked)
    left = [each for each in asked if each.line.number not in answers]
    arguments = (say_time(service.clock()), actor, left, service.settings.max_list)
    rulebook = service.rulebooks.current
    small = len(left) <= SMALL_ITEMS and sum(len(each.line.content) for each in left) <= SMALL_BYTES
    judged = (
        prepare_lines(rulebook, *arguments)
        if small
        else service.result(service.apart(prepare_lines, rulebook, *arguments))
    )
    prepared: list[tuple[Line, Prepared]] = []
    for (line, _), found in zip(left, judged, strict=True):
        if isinstance(found, Prepared):
            prepared.append((line, found))
            continue
        if isinstance(found, Fault):  # of ours, over one case: not the others'
            service.log.fault(found)
        answers[line.number] = Answered(line, None, EngineError() if isinstance(found, Fault) else found)
    for line, stored in _store(service, prepared):
        if isinstance(stored, ImrRulesError):
            answers[line.number] = Answered(line, None, stored)
        else:
            answers[line.number] = Answered(line, stored.reply, None)
    return [answers[line.number] for line in lines]


def _answered_before(service: Service, asked: Sequence[Asked]) -> dict[int, Answered]:
    answers: dict[int, Answered] = {}
    if not any(each.once for each in asked):
        return answers
    with service.store.reading() as connection:
        for line, once in asked:
            try:
                reply = replies.recall(connection, once)
            except ImrRulesError as error:
                answers[line.number] = Answered(line, None, error)
            else:
                if reply is not None:
                    answers[line.number] = Answered(line, reply, None)
    return answers


def prepare_lines(
    rulebook: Rulebook, at: str, actor: Actor, asked: Sequence[Asked], max_list: int
) -> list[Prepared | ImrRulesError | Fault]:
    """Screen the cases of some lines: each, what is to be stored, or what is wrong with it."""
    found: list[Prepared | ImrRulesError | Fault] = []
    for line, once in asked:
        try:
            data = read_json(line.content, max_list=max_list)
            found.append(intake.prepare(rulebook, at, actor, data, once))
        except EngineError as error:
            found.append(Fault.of(error))
        except ImrRulesError as error:
            found.append(error)
        except Exception as error:
            found.append(Fault.of(error))
    return found


def _store(
    service: Service, prepared: Sequence[tuple[Line, Prepared]]
) -> list[tuple[Line, Stored | ImrRulesError]]:
    if not prepared:
        return []
    try:
        stored = service.store.write(
            lambda connection: intake.store(connection, [each for _, each in prepared])
        )
    except ImrRulesError as error:
        if len(prepared) == 1:
            return [(prepared[0][0], error)]
        return [found for each in prepared for found in _store(service, [each])]
    intake.count(service, stored)
    return [(line, each) for (line, _), each in zip(prepared, stored, strict=True)]
