"""Read YAML and JSON files into plain data that remembers where everything stood.

YAML and JSON mean the same here: only ``true``, ``false``, ``null``, whole and decimal numbers are
anything but text. Dates stay text until a model reads them, and the words that YAML 1.1 turns into
booleans (``yes``, ``no``, ``on``, ``off``) stay words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import yaml
from msgspec import Struct, field

from imr_rules.errors import InputError, Place, Problem, printable_name

MAX_BYTES = 4_000_000
"""Largest file read: a hundred times a long case."""
MAX_DEPTH = 40
"""Deepest nesting read: a case needs eight levels."""

Path_ = tuple[str | int, ...]
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_E = TypeVar("_E", bound=InputError)

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PLAIN = (
    (re.compile(r"true|false"), lambda text: text == "true"),
    (re.compile(r"null|~|"), lambda text: None),
    (re.compile(r"[-+]?(0|[1-9][0-9]{0,99})"), int),
    (re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}"), float),
)


class Document(Struct, frozen=True):
    """Plain data with the place of every key and value in it.

    ``places`` maps a path (``("items", 0, "service")``) to the line and column of its value, and
    ``keys`` to those of its key. ``texts`` holds the paths of texts that stand in the file letter for
    letter on one line, with how many characters (a quote) come before the first letter.
    """

    data: Any
    file: str | None = None
    places: Mapping[Path_, tuple[int, int]] = field(default_factory=dict)
    keys: Mapping[Path_, tuple[int, int]] = field(default_factory=dict)
    texts: Mapping[Path_, int] = field(default_factory=dict)

    def place_within(self, path: Iterable[str | int], offset: int) -> Place:
        """Return where the letter at ``offset`` of a text stands; for a text over several lines, where it begins."""
        full = tuple(path)
        place = self.place(full)
        if full not in self.texts or place.column is None:
            return place
        return Place(place.file, place.line, place.column + self.texts[full] + offset)

    def place(self, path: Iterable[str | int], *, key: bool = False) -> Place:
        """Return where ``path`` stands; for a path that is not there, its nearest parent's place."""
        full = tuple(path)
        if not self.places:
            return Place(self.file, pointer=pointer(full))
        if key and full in self.keys:
            return Place(self.file, *self.keys[full])
        for length in range(len(full), -1, -1):
            if full[:length] in self.places:
                return Place(self.file, *self.places[full[:length]])
        return Place(self.file)

    def located(self, problem: Problem, *, key: bool = False) -> Problem:
        """Return a problem that names a JSON pointer with its line and column, where this document has lines.

        ``key`` is True where the problem is about the name of what stands there, and not about its value.
        """
        place = problem.place
        if place.line is not None or place.pointer is None or place.file is not None:
            return problem
        data: Any = self.data
        path: list[str | int] = []
        for step in place.pointer.split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            step_in: str | int = int(name) if isinstance(data, list) and name.isdigit() else name
            try:
                data = data[step_in]
            except (KeyError, IndexError, TypeError):
                break
            path.append(step_in)
        found = self.place(path, key=key)
        return Problem(
            problem.code,
            problem.what,
            Place(found.file, found.line, found.column, place.pointer),
            problem.hint,
        )


def pointer(path: Iterable[str | int]) -> str:
    """Return ``path`` as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def read_text(path: Path, error: type[InputError]) -> str:
    """Return the text of a file, or raise ``error`` naming it."""
    name = str(path)
    try:
        if path.is_dir():
            raise error(Problem("is-directory", "a file is needed, this is a directory", Place(name)))
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as fault:
        reason = fault.strerror or "cannot be opened"
        raise error(
            Problem("cannot-read", f"the file cannot be read: {reason.lower()}", Place(name))
        ) from None
    if len(raw) > MAX_BYTES:
        raise error(Problem("too-large", f"the file is larger than {MAX_BYTES:,} bytes", Place(name)))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise error(
            Problem("not-text", "the file is not UTF-8 text", Place(name), "save it as UTF-8 YAML or JSON")
        ) from None


def read_document(path: Path, error: type[InputError]) -> Document:
    """Read a YAML file, or a JSON file by its ``.json`` ending, or raise ``error`` saying where it is wrong."""
    text = read_text(path, error)
    return parse(text, error, file=str(path), is_json=path.suffix.lower() == ".json")


def parse(text: str, error: type[InputError], *, file: str | None = None, is_json: bool = False) -> Document:
    """Parse YAML (or JSON) text into a :class:`Document`, or raise ``error``."""
    _refuse_control_characters(text, error, file)
    return _parse_json(text, error, file) if is_json else _parse_yaml(text, error, file)


def _refuse_control_characters(text: str, error: type[InputError], file: str | None) -> None:
    found = _CONTROL.search(text)
    if found:
        line_begins = text.rfind("\n", 0, found.start()) + 1
        where = Place(file, text.count("\n", 0, found.start()) + 1, found.start() - line_begins + 1)
        raise error(Problem("control-character", "a control character stands here", where, "remove it"))


def _parse_json(text: str, error: type[InputError], file: str | None) -> Document:
    def refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = _first_repeated(key for key, _ in pairs)
            raise error(_duplicate(twice, Place(file)))
        return found

    def refuse_constant(name: str) -> Any:
        raise error(Problem("not-a-number", f"`{name}` is not a number here", Place(file)))

    try:
        data = json.loads(text, object_pairs_hook=refuse_duplicates, parse_constant=refuse_constant)
    except json.JSONDecodeError as fault:
        where = Place(file, fault.lineno, fault.colno)
        hint = "check the commas, quotes and brackets here and just above"
        raise error(Problem("not-json", f"this is not JSON: {fault.msg.lower()}", where, hint)) from None
    except RecursionError:
        raise error(_too_deep(Place(file))) from None
    except ValueError:
        what = "this is not JSON that can be read: a number is too long"
        raise error(Problem("not-json", what, Place(file))) from None
    _check_depth(data, error, file)
    return Document(data, file)


_NESTING = frozenset((dict, list))


def _check_depth(data: Any, error: type[InputError], file: str | None) -> None:
    level = [data] if type(data) in _NESTING else []
    for _ in range(MAX_DEPTH):
        level = [
            child
            for parent in level
            for child in (parent.values() if type(parent) is dict else parent)
            if child and type(child) in _NESTING
        ]
        if not level:
            return
    raise error(_too_deep(Place(file)))


def _too_deep(where: Place) -> Problem:
    return Problem("too-deep", f"nested deeper than {MAX_DEPTH} levels", where)


def _parse_yaml(text: str, error: type[InputError], file: str | None) -> Document:
    try:
        loader = _Loader(text)
        try:
            reader = _Reader(loader, error, file)
            data = reader.document()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        where = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        raise error(
            Problem("not-yaml", "this is not YAML that can be read", where, _syntax_hint(fault, text, mark))
        ) from None
    except (yaml.YAMLError, ValueError):
        raise error(Problem("not-yaml", "this is not YAML that can be read", Place(file))) from None
    return Document(data, file, reader.places, reader.keys, reader.texts)


def _syntax_hint(fault: yaml.MarkedYAMLError, text: str, mark: Any) -> str:
    problem = fault.problem or ""
    lines = text.splitlines()
    line = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
    if "mapping values are not allowed" in problem:
        return "a text with a colon in it needs quotes"
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "a tab stands here: indent with spaces"
    if "cannot start any token" in problem:
        return "quote a text that begins with a sign"
    if "flow" in (fault.context or ""):
        return "a bracket has no partner, or a text with a colon, comma or bracket in it needs quotes"
    return "check the indentation, quotes and brackets here and just above"


def _duplicate(name: str, where: Place) -> Problem:
    shown = printable_name(name) or "a key"
    return Problem("duplicate-key", f"{shown} is given twice", where, "keep one of the two")


def _first_repeated(names: Iterable[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            break
        seen.add(name)
    return name


class _Reader:
    """Turns YAML events into plain data, noting where each stood.

    It reads events one by one rather than nodes that PyYAML has composed: composing recurses without a
    limit of its own, and a file of nothing but brackets would end the process.
    """

    def __init__(self, loader: Any, error: type[InputError], file: str | None) -> None:
        self.next: Callable[[], Any] = loader.get_event
        self.error = error
        self.file = file
        self.places: dict[Path_, tuple[int, int]] = {}
        self.keys: dict[Path_, tuple[int, int]] = {}
        self.texts: dict[Path_, int] = {}

    def document(self) -> Any:
        """Return the one document there is."""
        self.next()  # the stream begins
        if isinstance(self.next(), yaml.StreamEndEvent):
            raise self.error(Problem("empty", "the file is empty", Place(self.file, 1, 1)))
        data = self.read(self.next(), (), 0)
        self.next()  # the document ends
        following = self.next()
        if not isinstance(following, yaml.StreamEndEvent):
            what = "a second document begins here"
            self.refuse("not-yaml", what, _start(following), "give each case a file of its own")
        return data

    def refuse(self, code: str, what: str, where: tuple[int, int], hint: str | None = None) -> NoReturn:
        raise self.error(Problem(code, what, Place(self.file, *where), hint))

    def read(self, event: Any, path: Path_, depth: int) -> Any:
        where = _start(event)
        if event.anchor is not None:  # an alias, or what one could stand for
            self.refuse("alias", "anchors and aliases are not read", where, "write the value out")
        if event.tag is not None:
            self.refuse("tag", "YAML tags are not read", where, "remove the tag")
        if depth > MAX_DEPTH:
            self.refuse("too-deep", f"nested deeper than {MAX_DEPTH} levels", where)
        self.places[path] = where
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            entries: list[Any] = []
            while not isinstance(event := self.next(), yaml.SequenceEndEvent):
                entries.append(self.read(event, (*path, len(entries)), depth + 1))
            return entries
        found: dict[str, Any] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            where = _start(event)
            if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None or event.tag is not None:
                self.refuse("bad-key", "a key must be plain text", where)
            key: str = event.value
            if key in found:
                raise self.error(_duplicate(key, Place(self.file, *where)))
            self.keys[(*path, key)] = where
            found[key] = self.read(self.next(), (*path, key), depth + 1)
        return found

    def _scalar(self, event: yaml.ScalarEvent, path: Path_) -> Any:
        text: str = event.value
        quoted = event.style in ("'", '"')
        start: Any = event.start_mark
        end: Any = event.end_mark
        if start.line == end.line and end.column - start.column == len(text) + 2 * quoted:
            self.texts[path] = int(quoted)
        if not quoted and event.style not in ("|", ">"):
            # Plain; the C and the Python reader write that differently.
            for pattern, read in _PLAIN:
                if pattern.fullmatch(text):
                    return read(text)
        return text


def _start(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
