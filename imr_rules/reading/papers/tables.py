"""Tables: a row of headings, the columns under them, and rows with a cell for each.

Columns are parted where the fewest words cross, between one heading and the next; rows by ruled lines where there are
some, else by where the words leave a gap or every column begins anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from statistics import median

from msgspec import Struct

from imr_rules.reading.papers.page import Box, Flow, Page, Word

Cell = list[tuple[int, int, Word]]
"""The words of a cell, each with its characters in the flow, in reading order."""


class Table(Struct, frozen=True):
    """A table of a flow.

    Attributes:
        start, end: from its headings to its last row, in the flow.
        rows: the cells of each row, by the name of their column.
    """

    start: int
    end: int
    rows: tuple[dict[str, Cell], ...]


def words_of(cell: Cell) -> str:
    """Return the words of a cell, lines parted by line feeds."""
    text = ""
    last: Word | None = None
    for _, _, word in cell:
        if last is not None:
            text += "\n" if last.box.middle - word.box.middle > 0.5 * word.box.height else " "
        text += word.text
        last = word
    return re.sub(r"(?<=[A-Za-z])-\n(?=[a-z])", "-", text)


def find_tables(
    flow: Flow, pages: Sequence[Page], columns: Mapping[str, str], needed: Sequence[str], stop: str
) -> list[Table]:
    """Return the tables whose headings name at least three of ``columns`` and all of ``needed``.

    Args:
        flow: the words. pages: the pages they stand on.
        columns: name of a column to the form of its heading.
        needed: columns without which it is another table.
        stop: form of a line that ends the table.
    """
    found: list[Table] = []
    number = 0
    while number < len(flow.lines):
        page = next(page for page in pages if page.number == flow.lines[number].page)
        headings = _headings(flow, page, number, columns, needed)
        known = headings.keys() - {name for name in headings if name.startswith("?")}
        if len(known) >= 3 and known >= set(needed):
            table, number = _table(flow, page, number, headings, stop)
            found.append(table)
        else:
            number += 1
    return found


_LONGEST_HEADING = 60


def _headings(
    flow: Flow, page: Page, number: int, columns: Mapping[str, str], needed: Sequence[str]
) -> dict[str, Box]:
    """Return where a line, with the parts of it that wrap under it, names columns; ``?1`` is one that names nothing known."""
    line = flow.lines[number]
    found: dict[str, Box] = {}
    also: dict[str, str] = {}  # a needed column, by the name that another one took its heading for
    named = letters = 0
    start = line.start
    for column in flow.text[line.start : line.end].split("\t"):
        box = flow.place(start, start + max(1, len(column))).box
        known: list[str] = []
        for whole, under in _wrapped(flow, page, number, column, box):
            known = [
                name
                for name, form in columns.items()
                if name not in found
                and len(whole) <= _LONGEST_HEADING
                and _forms(form)[0].fullmatch(whole.strip())
            ]
            if known:
                box = under
                break
        if known:
            found[known[0]] = box
            also |= {name: known[0] for name in known[1:] if name in needed}
            named += len(column)
        else:
            # text recognition runs headings together
            taken: list[tuple[int, int]] = []
            for name, form in columns.items():
                match = _forms(form)[1].search(column)
                if (
                    match
                    and name not in found
                    and not any(match.start() < end and first < match.end() for first, end in taken)
                ):
                    taken.append(match.span())
                    found[name] = flow.place(start + match.start(), start + match.end()).box
            named += sum(end - first for first, end in taken)
            if not taken and len(column) <= _LONGEST_HEADING and re.search("[A-Za-z#]", column):
                found[f"?{len(found)}"] = box
                named += len(column) // 2
        letters += len(re.sub(r"\([^)]*\)", "", column))
        start += len(column) + 1
    for name, other in also.items():
        if name not in found:  # "Item" is a number, or the treatment itself
            found[name] = found.pop(other)
    return found if named >= 0.6 * letters else {}


@cache
def _forms(form: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what a whole heading looks like, and one that others run into: without the blanks that text recognition leaves out."""
    loose = re.sub(r" (?![?*\]])", " ?", form)
    return (
        re.compile(rf"\W*(?:{loose})\W*(?:\([^)]*\)?)?", re.I),
        re.compile(rf"(?:^|(?<=[ )\]]))(?:{loose})(?=[ :(]|$)(?! (?:per|a|each)\b)", re.I),
    )


def _wrapped(flow: Flow, page: Page, number: int, column: str, box: Box) -> Iterator[tuple[str, Box]]:
    """Yield the words of a heading with those that may stand under them, the most first: down to a ruled line."""
    whole = [(column, box)]
    for below in flow.lines[number + 1 : number + 3]:
        ruled = any(
            below.box.middle < each.middle < box.middle and each.left < box.right and each.right > box.left
            for each in page.across
        )
        if below.page != page.number or ruled or box.middle - below.box.middle > 40:
            break
        start = below.start
        for part in flow.text[below.start : below.end].split("\t"):
            place = flow.place(start, start + max(1, len(part))).box
            if place.left < box.right + 4 and place.right > box.left - 4:
                words, under = whole[-1]
                whole.append((f"{words} {part}", under | place))
            start += len(part) + 1
    for words, under in reversed(whole):
        yield words, under
        yield words.replace(f"{column} ", column, 1), under


def _table(flow: Flow, page: Page, number: int, headings: Mapping[str, Box], stop: str) -> tuple[Table, int]:
    names = sorted(headings, key=lambda name: headings[name].left)
    last = max(box.right for box in headings.values())
    body: list[int] = []
    ruled = [rule for rule in page.across if rule.left < last and rule.right > headings[names[0]].left + 40]
    under_head = min(box.bottom for box in headings.values())
    upright = [rule for rule in page.upright if rule.bottom < under_head < rule.top + 4]
    foot = min((rule.bottom for rule in upright), default=None) if len(upright) >= 3 else None
    height = median(flow.lines[number].box.height for _ in (0,))
    at = number + 1
    while at < len(flow.lines):
        line = flow.lines[at]
        text = flow.text[line.start : line.end]
        if line.page != page.number or (foot is not None and line.box.middle < foot):
            break
        if foot is None and (re.match(stop, text, re.I) or _crosses(flow, at, names, headings)):
            break
        previous = flow.lines[at - 1].box
        if foot is None and previous.middle - line.box.middle > 7 * max(height, 8):
            break
        body.append(at)
        at += 1
    words = flow.words_of(flow.lines[number].start, flow.lines[at - 1].end)
    edges = _edges(page, [word for *_, word in words], names, headings, upright)
    head_ends = _below_headings(flow, number, body, ruled, headings)
    rows = _rows(flow, [n for n in body if n not in head_ends], ruled, edges, names)
    return Table(flow.lines[number].start, flow.lines[at - 1].end, tuple(rows)), at


def _crosses(flow: Flow, number: int, names: Sequence[str], headings: Mapping[str, Box]) -> bool:
    """Whether a line runs as one sentence across three columns: it follows the table."""
    line = flow.lines[number]
    start = line.start
    for column in flow.text[line.start : line.end].split("\t"):
        if column.strip():
            box = flow.place(start, start + len(column)).box
            begun = [name for name in names if box.left + 2 < headings[name].left < box.right - 12]
            if len(begun) >= 2 and column.count(" ") >= 4:
                return True
        start += len(column) + 1
    return False


def _edges(
    page: Page,
    words: Sequence[Word],
    names: Sequence[str],
    headings: Mapping[str, Box],
    upright: Sequence[Box],
) -> list[float]:
    """Return where each column but the first begins."""
    edges = []
    for one, other in pairwise(names):
        low, high = headings[one].left + 4, headings[other].left
        ruled = [rule.left for rule in upright if low < rule.left < high + 2]
        if ruled:
            edges.append(max(ruled))
            continue
        tries = [high - 2 - step for step in range(0, max(1, int(high - low)), 2)]
        edges.append(
            min(
                tries,
                key=lambda x: (sum(word.box.left + 1 < x < word.box.right - 1 for word in words), high - x),
            )
        )
    return edges


def _below_headings(
    flow: Flow, number: int, body: Sequence[int], ruled: Sequence[Box], headings: Mapping[str, Box]
) -> set[int]:
    """Return the lines on which headings run on: above the rule under them, or in brackets, or at once under them."""
    bottom = min(box.bottom for box in headings.values())
    rule = max((each.middle for each in ruled if each.middle < bottom + 2), default=None)
    found: set[int] = set()
    for at in body[:3]:
        line = flow.lines[at]
        if line.box.middle > bottom:
            found.add(at)
            continue
        if rule is not None and bottom - rule < 40:
            if line.box.middle > rule:
                found.add(at)
            continue
        text = flow.text[line.start : line.end]
        if re.fullmatch(
            r"(?:\s*\(?[A-Za-z,. /]*(?:required|known|etc|quantity|duration|list|status|code)[a-z.,]*\)?)+",
            text,
            re.I,
        ):
            found.add(at)
    return found


def _rows(
    flow: Flow, body: Sequence[int], ruled: Sequence[Box], edges: Sequence[float], names: Sequence[str]
) -> list[dict[str, Cell]]:
    lines = {at: flow.words_of(flow.lines[at].start, flow.lines[at].end) for at in body}
    groups: list[list[int]] = []
    pitch = [flow.lines[a].box.middle - flow.lines[b].box.middle for a, b in pairwise(body)]
    close = min((gap for gap in pitch if gap > 0), default=0.0)
    for index, at in enumerate(body):
        if index:
            above, here = flow.lines[body[index - 1]].box.middle, flow.lines[at].box.middle
            parted = [rule for rule in ruled if here < rule.middle < above]
            if len(ruled) >= 3:
                new = bool(parted)
            else:
                filled = {_column(word, edges, names) for *_, word in lines[at]}
                new = (names[0] in filled and len(filled) >= 2) or (
                    above - here > 1.5 * close and len(filled) >= 2
                )
            if not new:
                groups[-1].append(at)
                continue
        groups.append([at])
    rows = []
    for group in groups:
        row: dict[str, Cell] = {name: [] for name in names}
        for at in group:
            for each in lines[at]:
                row[_column(each[2], edges, names)].append(each)
        rows.append(row)
    return rows


def _column(word: Word, edges: Sequence[float], names: Sequence[str]) -> str:
    middle = word.box.left + min(4.0, (word.box.right - word.box.left) / 2)
    return names[sum(middle >= edge for edge in edges)]
