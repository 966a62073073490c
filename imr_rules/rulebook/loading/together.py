"""The files of a rulebook and of the layers over it, read as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from msgspec import field
from pydantic import BaseModel

from imr_rules._reading import Document
from imr_rules.errors import Place
from imr_rules.rulebook.loading.problems import Problems

_M = TypeVar("_M", bound=BaseModel)
_Home = tuple[Document, tuple[str | int, ...]]


class Together(Document, frozen=True):
    """Several files of one shape as one document, which knows the file that each entry stands in.

    ``homes`` maps the path of an entry (``("facts", "prior_visits")``) to its file and its path there.
    """

    homes: Mapping[tuple[str | int, ...], _Home] = field(default_factory=dict)

    def place(self, path: Iterable[str | int], *, key: bool = False) -> Place:
        """Return where ``path`` stands, in the file that it stands in."""
        full = tuple(path)
        if full[:2] not in self.homes:
            return Place(self.file)
        document, begins = self.homes[full[:2]]
        return document.place((*begins, *full[2:]), key=key)


def together(parts: Sequence[tuple[_M, Document]], problems: Problems) -> tuple[_M, Document]:
    """Return files of one shape as one: their mappings united, their lists one after the other.

    A name that two of the files declare is a problem: a layer adds, and what it does not add it leaves alone.
    """
    if len(parts) == 1:
        return parts[0]
    found: dict[str, Any] = {}
    homes: dict[tuple[str | int, ...], _Home] = {}
    for text, document in parts:
        for section in type(text).model_fields:
            value = getattr(text, section)
            if isinstance(value, Mapping):
                united = found.setdefault(section, {})
                for name, each in value.items():
                    if name in united:
                        first, path = homes[section, name]
                        problems.add(
                            "declared-twice", f"`{name}` is also at {first.place(path, key=True)}",
                            document.place((section, name), key=True),
                            "a layer adds to what lies below it: choose another name, or leave the entry out",
                        )  # fmt: skip
                        continue
                    united[name] = each
                    homes[section, name] = document, (section, name)
            elif isinstance(value, tuple):
                listed = found.setdefault(section, ())
                for index in range(len(value)):
                    homes[section, len(listed) + index] = document, (section, index)
                found[section] = (*listed, *value)
    text, document = parts[0]
    return text.model_copy(update=found), Together(document.data, document.file, homes=homes)
