"""Taking many cases in: a line a case, and each line answers for itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from imr_rules.errors import EngineError, ImrRulesError
from imr_rules.server.context import Service
from imr_rules.server.keys import Actor
from imr_rules.server.reading import read_json
from imr_rules.server.store.replies import Once, Reply
from imr_rules.server.tasks import intake
from imr_rules.server.tasks.intake import Prepared, Stored

__all__ = ["Answered", "Line", "take_in_lines"]


class Line(NamedTuple):
    """A line of a batch: its number from 1, and its bytes."""

    number: int
    content: bytes


class Answered(NamedTuple):
    """What became of a line: the reply, or the error it gets."""

    line: Line
    reply: Reply | None
    error: ImrRulesError | None


def take_in_lines(
    service: Service, actor: Actor, lines: Sequence[Line], once: Once | None = None
) -> list[Answered]:
    """Screen the cases of some lines and store them in one transaction.

    Where the whole is to be done once, so is each line by itself: a batch that broke off can be sent again.
    """
    answers: dict[int, Answered] = {}
    prepared: list[tuple[Line, Prepared]] = []
    for line in lines:
        try:
            part = once.part(f"line {line.number}", line.content) if once else None
            data = read_json(line.content, max_list=service.settings.max_list)
            prepared.append((line, intake.prepare(service, actor, data, part)))
        except ImrRulesError as error:
            answers[line.number] = Answered(line, None, error)
        except Exception as error:  # a fault of ours over one case is not the others'
            service.log.fault(error)
            answers[line.number] = Answered(line, None, EngineError())
    for line, stored in _store(service, prepared):
        if isinstance(stored, ImrRulesError):
            answers[line.number] = Answered(line, None, stored)
        else:
            answers[line.number] = Answered(line, stored.reply, None)
    return [answers[line.number] for line in lines]


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
