"""Treatments that stand in a list, a point for each: under words that ask for them, decide them or dispute them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from imr_rules.reading.papers.outcome import settle
from imr_rules.reading.papers.reader import POINT, Reader
from imr_rules.reading.papers.reasons import STANDING
from imr_rules.reading.papers.values import service_codes
from imr_rules.reading.papers.wording import decision_in, decision_words
from imr_rules.words import NUMBER
from imr_rules.words.numbers import numbers_listed

_MARK = re.compile(r"\s*\(?(?P<mark>\d{1,2}|[a-k])[.)]?\s")
_FAR = 1.9
"""So many heights below a line, the next one goes on with nothing."""
_LATEST = 200
"""So many lines behind a point at most, its list goes on."""


class Point(Struct, frozen=True):
    """A point of a list: its characters, and its number where it has one."""

    start: int
    end: int
    number: int | None = None


def points_below(
    reader: Reader, first: int, stop: Callable[[str], object], *, unmarked: bool = False
) -> list[Point]:
    """Return the points of the list that begins at or below a line.

    A list goes on over the lines that its points wrap to, and where its numbers do: behind other words, on other pages.

    Args:
        reader: of the paper.
        first: number of the line.
        stop: tells whether a line ends the list.
        unmarked: whether lines may be points that no number or bullet marks.
    """
    flow = reader.flow
    found: list[Point] = []
    open_ = True
    stopped = False
    latest = len(flow.lines)
    for number in range(first, len(flow.lines)):
        if number > latest:
            break
        line = flow.lines[number]
        text = flow.text[line.start : line.end]
        above = flow.lines[number - 1] if number else line
        gap = above.box.middle - line.box.middle
        far = line.page != above.page or gap > _FAR * line.box.height or line.start in reader.paragraph_starts
        mark = POINT.match(text)
        at = _number(text) if mark else None
        last = found[-1] if found else None
        stopped = stopped or (bool(found or unmarked) and bool(stop(text)))
        if mark and not stopped and (last is None or open_ or _goes_on(last.number, at)):
            found.append(Point(line.start, line.end, at))
            open_, latest = True, number + _LATEST
        elif mark and stopped and last and _goes_on(last.number, at) and reader.recognized(text):
            found.append(Point(line.start, line.end, at))
            open_, stopped, latest = True, False, number + _LATEST
        elif last and at == 1:
            break  # another list
        elif stopped:
            open_ = False
        elif last is None and not unmarked:
            continue
        elif unmarked and (last is None or gap > 1.4 * line.box.height):
            at = _number(text)  # text recognition loses the stop behind a number
            found.append(Point(line.start, line.end, at if last and _goes_on(last.number, at) else None))
        elif far or not open_:
            open_ = False
        elif last is not None:
            found[-1] = Point(last.start, line.end, last.number)
    return found


def _number(text: str) -> int | None:
    mark = _MARK.match(text)
    if mark is None:
        return None
    return int(mark["mark"]) if mark["mark"].isdigit() else ord(mark["mark"]) - ord("a") + 1


def _goes_on(last: int | None, this: int | None) -> bool:
    return last is not None and this == last + 1


_ASKS = re.compile(
    r"(?:request(?:s|ing|ed)?|seek(?:s|ing)?|ask(?:s|ing)?)[^.\n]{0,60}authori[sz]ation|treatment requested|authori[sz]ation is requested|services? requested|requested (?:services?|treatments?|items?|procedures?)\b",
    re.I,
)


def read_asked(reader: Reader, end: int, stop: Callable[[str], object]) -> None:
    """Take the points of the lists that follow words asking for authorization; others than treatments only right below them."""
    flow = reader.flow
    seen = 0
    for asks in _ASKS.finditer(flow.text, 0, end):
        if asks.start() < seen:
            continue
        points = [each for each in points_below(reader, flow.line_at(asks.start()), stop) if each.end <= end]
        if not points:
            return
        seen = points[0].start
        known = [bool(reader.recognized(flow.cut(each.start, each.end))) for each in points]
        if not any(known):
            continue
        seen = points[-1].end
        whole = _asked_right_above(reader, points[0])
        for point, treatment in zip(points, known, strict=True):
            if treatment or whole:
                words = POINT.sub("", flow.cut(point.start, point.end)).rstrip(". ")
                where = f"treatment {len(reader.paper.items) + 1}"
                service = reader.read(words, where, point.start, point.end)
                reader.paper.items.append(reader.item(service, None, None))


def _asked_right_above(reader: Reader, point: Point) -> bool:
    """Whether the words that a list begins under ask for what it names."""
    number = reader.flow.line_at(point.start)
    above = reader.flow.lines[max(0, number - 2) : number]
    if len(above) == 2 and not reader.runs_on(*above):
        above = above[1:]
    text = " ".join(reader.flow.text[line.start : line.end] for line in above)
    return text.rstrip().endswith(":") and _ASKS.search(text) is not None


_MORE_OF_IT = rf"(?:only |just |the (?:other|remaining|rest)|of (?:these|which|them),? )?(?:{NUMBER})?[^;\n]{{0,20}}?\b(?:approv|certif|authori[sz]|den(?:y|ied)|remain|refus|request|not )"
"""How a second part of one service goes on: "5 sessions; 2 were approved"."""


_HEADED = r"(?:denied|modified|non-?certified|not (?:certified|approved|authorized)|disputed|conditionally denied)(?: (?:items?|services?|treatments?))?\s?: "
"""What parts an application's free text by what was decided: "Modified: ... Denied: ..."."""


def several(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Yield the parts of free text parted by semicolons or numbers, without their numbers."""
    parts = re.compile(
        rf";\s+(?!{_MORE_OF_IT})(?![^()]*\))|\s(?=\d[.)] [A-Z])|\n(?=\d{{1,2}}[.)])|[.;]\s+(?={_HEADED})",
        re.I,
    )
    ends = [*(match.span() for match in parts.finditer(text[start:end])), (end - start, end - start)]
    at = start
    for stop, following in ends:
        words = re.sub(r"\s+", " ", text[at : start + stop])
        words = re.sub(rf"^\W*{_HEADED}", "", words, flags=re.I)
        clean = re.sub(r"^\W*(?:\d{1,2}\s*[.)]\s*|[a-k][.)]\s+|\d{1,2}\s+(?=[A-Z]))?\W*", "", words).strip(
            " _|;"
        )
        if sum(map(str.isalpha, clean)) >= 3:
            yield clean, at, start + stop
        at = start + following


def read_lists(reader: Reader) -> None:
    """Take the items of lists under headings that decide, or of a numbered list whose numbers sentences decide."""
    for read in (_headed, _by_number):
        if not reader.paper.items:
            read(reader)


def _heading(reader: Reader, text: str) -> bool:
    """Whether a line decides what stands below it: "The following is not certified:", "APPROVED TREATMENT"."""
    text = text.strip()
    return (
        (text.endswith(":") or (text.upper() == text and len(text) < 60))
        and decision_in(text) is not None
        and not re.match(r"\W*(?:ur |final )?(?:decision|determination|outcome|status|result)\b", text, re.I)
        and not (reader.recognized(text) or STANDING.search(text))
    )


def _headed(reader: Reader) -> None:
    flow = reader.flow
    begins = {entry.at: entry.name for entry in reader.entries}
    own = ("approved", "refused", "service")

    def label(text: str, line: int) -> bool:
        return begins.get(line, "service") not in own and not POINT.match(text)

    found: list[tuple[str, list[tuple[str, int, int]]]] = []
    for number, line in enumerate(flow.lines):
        text = flow.text[line.start : line.end]
        if not _heading(reader, text):
            continue
        points: list[tuple[str, int, int]] = []
        for below in flow.lines[number + 1 :]:
            words = flow.text[below.start : below.end]
            if _heading(reader, words) or label(words, below.start):
                break
            marked = POINT.match(words)
            named = (
                text.strip().endswith(":")
                and not decision_words(words)
                and (reader.recognized(words) or service_codes(words))
            )
            above = flow.lines[flow.line_at(below.start) - 1]
            far = below.page == above.page and above.box.middle - below.box.middle > _FAR * below.box.height
            if marked or (
                named and (not points or (not POINT.match(flow.text[points[-1][1] :]) and not far))
            ):
                points.append((POINT.sub("", words), below.start, below.end))
            elif points and not far:
                first = points[-1][1]
                points[-1] = (POINT.sub("", flow.cut(first, below.end)), first, below.end)
            else:
                break
        if points and 2 * sum(bool(reader.recognized(words)) for words, _, _ in points) >= len(points):
            found.append((text, points))
    for text, points in found:
        for words, start, end in points:
            _decide(reader, words, start, end, f"{text.strip(' :')}: ")


def _decide(reader: Reader, words: str, start: int, end: int, heading: str) -> None:
    service = reader.read(
        words.rstrip(". "), f"item {len(reader.paper.items) + 1} of the decision", start, end
    )
    item = reader.item(service, None, None)
    own = decision_in(words) if decision_words(words) else None
    settle(item, words if own else heading + words, service, reader.vocabulary)
    reader.paper.items.append(item)


def read_labeled(reader: Reader) -> None:
    """Take what stands beside the labels "approved" and "denied"."""
    for entry in reader.named("approved", "refused"):
        label = reader.flow.cut(entry.at, entry.start)
        alone = [(reader.text(entry), entry.start, entry.end)]
        for words, start, end in reader.points(entry.start, entry.end) or alone:
            if reader.recognized(words) or service_codes(words):
                _decide(reader, words, start, end, f"{label} ")


_BY_NUMBER = re.compile(
    r"\b(?:items?|requests?|treatments?|services?|nos?\.|numbers?|lines?) ?(?:#|no\.? ?|numbers? )?"
    r"(?P<numbers>\d{1,2}(?:(?:,? (?:and |& )|, ?|-| through | to )#?\d{1,2})*)\b(?! (?:visits?|sessions?|units?|weeks?|days?|tab))",
    re.I,
)


def _by_number(reader: Reader) -> None:
    """Take a numbered list of what was asked for, where sentences decide its numbers: "Items 1 and 3 are denied"."""
    told: dict[int, list[tuple[int, int]]] = {}
    for start, end in reader.sentences:
        sentence = reader.flat[start:end]
        if STANDING.search(sentence):
            continue
        cuts = [match.start() for match in _BY_NUMBER.finditer(sentence)]
        for index, match in enumerate(_BY_NUMBER.finditer(sentence)):
            last = cuts[index + 1] if index + 1 < len(cuts) else len(sentence)
            if decision_words(sentence[match.start() : last]):
                for number in numbers_listed(match["numbers"]):
                    told.setdefault(number, []).append((start + match.start(), start + last))
    if not told:
        return
    lines = [
        n
        for n, line in enumerate(reader.flow.lines)
        if _number(reader.flow.text[line.start : line.end] + " ") == 1
    ]
    for first in lines:
        points = [
            each
            for each in points_below(
                reader, first, lambda text: bool(decision_words(text) and _BY_NUMBER.search(text))
            )
            if each.number is not None
        ]
        known = sum(bool(reader.recognized(reader.flow.cut(each.start, each.end))) for each in points)
        if len(points) < 2 or 2 * known < len(points) or not {each.number for each in points} >= told.keys():
            continue
        for point in points:
            words = POINT.sub("", reader.flow.cut(point.start, point.end)).rstrip(". ")
            where = f"item {point.number} of the decision"
            item = reader.item(
                reader.read(words, where, point.start, point.end), None, None, str(point.number)
            )
            start, end = told.get(point.number or 0, [(point.start, point.start)])[0]
            decides = _BY_NUMBER.sub("", reader.flat[start:end])
            settle(item, decides, reader.read(decides, where, start, max(end, start + 1)), reader.vocabulary)
            reader.paper.items.append(item)
        return
