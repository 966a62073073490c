"""A few rules in one ruleset of the engine, and the one safe way to run an item through it."""

from __future__ import annotations

import threading
from typing import Any

from imr_rules.durable.fields import Fields
from imr_rules.durable.rules import rule, spread
from imr_rules.durable.text import encode, refuse_collisions
from imr_rules.errors import EngineError
from imr_rules.expression.normal_form import Conjunction
from imr_rules.expression.reference import Status
from imr_rules.expression.values import Row

try:
    import durable_rules_engine as engine  # the extension module alone: no Host, no threads, no timers
except ImportError as _fault:  # not built, or a Python it cannot run on
    engine = None
    _reason = "is not installed" if isinstance(_fault, ModuleNotFoundError) else "cannot be imported here"
else:
    _reason = ""

MOST_RULES = 59
"""Rules in a shard beside its sentinel; the engine's stack holds 64 pending matches."""
_MOST_FIELDS = 200
_SENTINEL = "evaluated"


def available() -> bool:
    """Whether durable-rules can be used on this machine."""
    return engine is not None


def why_unavailable() -> str:
    """Return why durable-rules cannot be used, in a few words; empty where it can."""
    return _reason


class Shard:
    """At most :data:`MOST_RULES` rules in one ruleset of the engine, with a sentinel that always fires."""

    def __init__(self) -> None:
        self.fields = Fields()
        self.meaning: dict[str, tuple[int, Status]] = {}
        self.rules: dict[str, Any] = {}
        self.lock = threading.Lock()
        self.handle: Any = None
        self.has_state = False

    def add(self, index: int, status: Status, conjunction: Conjunction) -> bool:
        """Take the rules of one alternative, or return False where there is no room for them."""
        fields = self.fields.copy()
        rules = spread(conjunction, fields)
        if len(self.rules) + len(rules) > MOST_RULES or len(fields.names()) > _MOST_FIELDS:
            if self.rules:
                return False
            raise EngineError("a criterion has more alternatives or facts than durable-rules can hold")
        self.fields = fields
        for tests in rules:
            name = f"r{len(self.rules)}"
            self.meaning[name] = (index, status)
            self.rules[name] = rule(tests)
        return True

    def fired(self, row: Row) -> list[tuple[int, Status]]:
        """Return what fired over ``row``. Any fault discards the ruleset; the next call builds it again.

        Raises:
            EngineError: where the run was void.
        """
        fact = self.fields.fact(row)
        with self.lock:
            try:
                names = self._run(fact)
            except EngineError:
                self._discard()
                raise
            except Exception as fault:
                self._discard()
                raise EngineError("durable-rules failed; the run is void") from fault
            except BaseException:  # interrupted half-way: the engine still holds the fact
                self._discard()
                raise
        return [self.meaning[name] for name in names]

    def _run(self, fact: str) -> list[str]:
        if self.handle is None:
            refuse_collisions(self.fields.names())
            # The sentinel comes last: it always fires, which initializes the engine's state.
            self.handle = engine.create_ruleset("imr", encode({**self.rules, _SENTINEL: rule([])}))
        code, offset = engine.assert_fact(self.handle, fact)
        if code != 0:
            raise EngineError(f"durable-rules refused the fact (code {code})")
        started = engine.start_action_for_state(self.handle, offset)
        if started is None:
            raise EngineError("durable-rules started nothing; the run is void")
        names = []
        message = started[1]
        while message is not None:
            names.append(message[2 : message.index('"', 2)])  # {"r7":{"m":{...}}}
            if len(names) > len(self.rules) + 1:
                raise EngineError("durable-rules does not come to an end; the run is void")
            message = engine.complete_and_start_action(self.handle, offset)
        if _SENTINEL not in names:
            raise EngineError("durable-rules did not finish; the run is void")
        self.has_state = True
        code, _ = engine.retract_fact(self.handle, fact)
        if code != 0:
            raise EngineError(f"durable-rules kept the fact (code {code})")
        names.remove(_SENTINEL)
        return names

    def _discard(self) -> None:
        """Free the ruleset, and its state, which the engine crashes over where nothing ever fired."""
        handle, has_state = self.handle, self.has_state
        self.handle, self.has_state = None, False
        if handle is not None:
            if has_state:
                engine.delete_state(handle, "0")
            engine.delete_ruleset(handle)

    def __del__(self) -> None:
        if getattr(self, "handle", None) is not None and engine is not None:
            self._discard()
