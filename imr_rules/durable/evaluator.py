"""Some criteria, compiled for the engine, and what it finds of them."""

from __future__ import annotations

from collections.abc import Sequence

from imr_rules.durable.shard import Shard, available, why_unavailable
from imr_rules.errors import EngineError
from imr_rules.expression.normal_form import statuses
from imr_rules.expression.reference import Judgeable, Status
from imr_rules.expression.values import Row


class DurableEvaluator:
    """Some criteria, compiled for durable-rules. Safe to share between threads.

    Raises:
        EngineError: from the constructor, where durable-rules is not available; from :meth:`judge`, where
            a run was void.
    """

    def __init__(self, criteria: Sequence[Judgeable]) -> None:
        if not available():
            raise EngineError(f"durable-rules {why_unavailable()}")
        self.criteria = tuple(criteria)
        self._shards: list[Shard] = []
        for index, criterion in enumerate(self.criteria):
            for status, conjunctions in statuses(criterion).items():
                for conjunction in conjunctions:
                    if not (self._shards and self._shards[-1].add(index, status, conjunction)):
                        self._shards.append(Shard())
                        self._shards[-1].add(index, status, conjunction)
        if not self._shards:
            self._shards.append(Shard())

    def judge(self, row: Row) -> list[Status]:
        """Return the status of each criterion over ``row``."""
        found: dict[int, Status] = {}
        for shard in self._shards:
            for index, status in shard.fired(row):
                if found.setdefault(index, status) != status:
                    criterion = self.criteria[index].id
                    raise EngineError(f"durable-rules gave `{criterion}` more than one status")
        return [found.get(index, "unknown") for index in range(len(self.criteria))]
