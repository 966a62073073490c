"""Clinical records: which of their words are sentences about this worker, and what those state.

A record is mostly not sentences about its worker. Its labels, boxes to tick, tables, lists of what is denied, family
history, plans, attestations and quoted guidelines are told apart by headings and by how a line is set, before any
sentence is read; what the sentences claim is for the sentence reader. What is left out here is missing, never a no.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

import yaml
from msgspec.structs import replace

from imr_rules.reading.account import BY_ITS_DAY, pieces_of
from imr_rules.reading.papers.kinds import DAY_OF_SERVICE
from imr_rules.reading.papers.labels import PRIVATE
from imr_rules.reading.papers.page import Line
from imr_rules.reading.papers.paper import Read
from imr_rules.reading.papers.reader import POINT, Reader
from imr_rules.reading.papers.values import days, diagnosis_codes
from imr_rules.reading.sentences import SentenceReader, Statement
from imr_rules.reading.sentences.claims import THIS_WORKER
from imr_rules.reading.sentences.scores import Scales
from imr_rules.words import Amount, find_body_parts
from imr_rules.words.persons import HIDDEN

Kind = Literal["prose", "diagnoses", "assessment", "both", "operation", "nothing"]

# What stands below a heading. Headings that are not here begin prose.
_HEADINGS: list[tuple[Kind, str]] = [
    ("both", r"(?:assessments?|impressions?|diagnos[ei]s) ?(?:and|&|/) ?(?:treatment )?(?:plan|recommendations?)|a ?(?:/|&|and) ?p"),
    ("nothing", r"(?:review of systems|ros)(?: .{0,20})?|(?:past |pertinent )?(?:medical |surgical )?,? ?(?:and )?family.{0,25}(?:history)?|(?:past )?social history|allergies|habits"),
    ("nothing", r"(?:.{0,30}\b)?(?:plan|plans)(?: of care)?(?: (?:and|of|for|of treatment).{0,30})?|p|(?:.{0,30} )?recommend(?:ation|ed)s?(?: .{0,30})?|orders?|rx|prescriptions?"),
    ("nothing", r"(?:treatments?|services?|procedures?)(?: .{0,12})? (?:requested|recommended|planned|proposed)|(?:planned|proposed|recommended|requested|scheduled) .{0,40}|requests?(?: for .{0,40})?|.{0,12}authorization.{0,30}"),
    ("nothing", r"(?:description|details?|technique|narrative)(?: of .{0,30})?|operative (?:technique|course|details?)|procedure in detail|consent.{0,20}|risks.{0,30}|complications|anesthesia"),
    ("nothing", r"(?:attestation|declaration|disclosure|affidavit|certification|signature|instructions?|education|precautions|billing|coding|procedure codes?|cpt.{0,20}|cc|copies).{0,25}"),
    ("nothing", r"(?:guidelines?|references?|citations?|evidence|criteria|mtus|acoem|odg)(?: .{0,40})?|.{0,20}goals? (?:of|for) (?:care|treatment|therapy)"),
    ("operation", r"(?:title of |name of )?(?:operations?|procedures?)(?:\(s\))?(?: performed| done)?"),
    ("assessment", r"(?:clinical )?assessments?|impressions?|a"),
    ("diagnoses", r"(?:(?:pre|post)-? ?operative |primary |secondary |working |final |current |treating )?(?:diagnos[ei]s|diagnostic impressions?|dx)(?: codes?)?(?: \(icd.{0,12}\))?"),
    ("prose", r"(?:history|interval history|subjective|objective|s|o|hpi|examination|findings|work status|goals|clinical history|indications?|progress|comments?|discussion|medical necessity)(?: .{0,40})?"),
]  # fmt: skip
_KINDS = [(kind, re.compile(form, re.I)) for kind, form in _HEADINGS]
_HEADING = re.compile(
    r"(?:[IVX]{1,4}\.|[A-Z]\.|\d{1,2}[.)])? ?(?P<words>[A-Za-z][A-Za-z /&,()'-]{0,60}?) ?(?P<colon>:|$)"
)
_BOX = re.compile(
    r"(?i)[\u2610-\u2612\u25a0\u25a1\u25fb\u25fc\uf0a8\uf06f]|\[ ?[xX✓]? ?\]|\( ?[xX✓]? ?\)|\b(?:circle|check|tick|mark) (?:one|all)\b"
)

_DOCUMENTS = [
    ("operative_report", r"operative (?:report|note)"),
    ("imaging", r"\b(?:mri|x-?ray|ct|radiology|imaging|ultrasound|radiograph\w*)\b"),
    ("electrodiagnostics", r"\bemg\b|electrodiagnostic|nerve conduction"),
    ("psychological_report", r"psycholog|psychiatr|behavioral"),
    ("medical_legal", r"medical[- ]legal|(?:qualified|agreed) medical"),
    ("first_report", r"first report"),
    ("therapy_notes", r"\b(?:therapy|acupuncture|chiropractic|treatment|daily)\b"),
    ("progress_report", r"pr-?2|progress|follow-?up|visit|encounter|clinic|chart|soap"),
]  # fmt: skip
_TITLE = re.compile(r"\b(?:reports?|notes?|summary|pr-?2|examination|consultation|evaluation)\b", re.I)
_OF_ONE_VISIT = re.compile(
    r"\b(?:daily|treatment|visit|soap|session|progress|therapy|chart)\b.*\bnotes?\b", re.I
)
_MANY_VISITS = re.compile(r"\bdischarge|\bsummary|\binitial|\bevaluation|\breports?\b", re.I)

# A list of what is denied or not found: a template, filled in the same for everybody.
_DENIED_LIST = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|negative for|no (?:history|complaints?) of)\b[^.;]*,[^.;]*(?:,|\bor\b|\band\b)",
    re.I,
)
_CHOICES = re.compile(r"[a-z]{3,} ?/ ?[a-z]{3,} ?/ ?[a-z]{3,}", re.I)
_GUIDELINE = re.compile(
    r"\b(?:MTUS|ACOEM|ODG|guidelines?|Official Disability|Labor Code|medical literature|stud(?:y|ies) (?:show|have shown))\b"
)
_GENERAL = re.compile(
    r"\b(?:means|is defined as|are defined as|should|must|shall|is considered|are considered|(?:is|are) recommended|patients (?:who|with))\b",
    re.I,
)
_WORKER = re.compile(
    r"\b(?:the )?(?:patient|pt|claimant|applicant|worker)\b(?!s)|\b(?:mr|mrs|ms)\.? |\b(?:s?he|his|her)\b",
    re.I,
)
_PLANNED = re.compile(
    r"^(?:\W*\d+[.)] ?)?(?:will|plan|continue|start|begin|request|refer|recommend|schedule|order|return|advise|follow|consider|re-?evaluate|to)\b",
    re.I,
)
_THEN = re.compile(
    r"\b(?:was|were|had|before|prior|previous\w*|last|initial\w*|baseline|ago|formerly|pre-?op\w*|worst|best|average|from|since|at (?:the )?(?:start|intake|evaluation)|goals?)\b",
    re.I,
)
_SENTENCE_ENDS = re.compile(r"[.?!](?=\s|$)")
_LEAST_PERCENT = 95
"""A fact that is right less often than this among those proposed is not proposed."""


@cache
def proposable() -> frozenset[str]:
    """Return the facts of records that are proposed, by the precision measured on composed records.

    What was never measured is not proposed either: ``precision.yaml`` beside this module has the counts, and a test
    holds them to what is measured.
    """
    path = files("imr_rules.reading.papers").joinpath("precision.yaml")
    counts: dict[str, dict[str, int]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return frozenset(
        fact for fact, each in counts.items() if 100 * each["right"] >= _LEAST_PERCENT * each["proposed"] > 0
    )


_FEWEST = 4
"""Words; fewer are a label, a box to tick or a heading, whatever they say."""


class _Stretch(NamedTuple):
    """Lines that stand together below one heading."""

    kind: Kind
    start: int
    end: int


def read_record(reader: Reader) -> None:
    """Read a record: its day, the injury, the diagnoses and operations it lists, and what its sentences state."""
    paper, text = reader.paper, reader.flow.text
    top = [text[line.start : line.end] for line in reader.flow.lines[:8]]
    title = next((words for words in top if ":" not in words and _TITLE.search(words)), "")
    paper.document = next((kind for kind, form in _DOCUMENTS if re.search(form, title, re.I)), "other")
    day_at = 0, 0
    for match in DAY_OF_SERVICE.finditer(text, 0, 1500):
        found = [each for each in days(text[match.end() : match.end() + 30]) if len(each[0]) == 10]
        if found and found[0][1] < 3:
            start = match.end() + found[0][1]
            day = reader.read(found[0][0], "date of the record", start, match.end() + found[0][2])
            paper.dates.setdefault("written", []).append(day)
            day_at = match.start(), match.end() + found[0][2]
            break
    reader.injury()
    written = paper.date("written")
    sentences = SentenceReader(reader.vocabulary)
    if written is not None and _OF_ONE_VISIT.search(title) and not _MANY_VISITS.search(title):
        _visit(reader, title, written, day_at, sentences)
    _score_tables(reader)
    injured = next((read.value for read in paper.dates.get("injury", ())), None)
    for stretch in _stretches(reader):
        if stretch.kind in ("diagnoses", "both", "assessment"):
            _diagnoses(reader, stretch)
        elif stretch.kind == "operation" and paper.document == "operative_report":
            _operation(reader, stretch, written)
        if stretch.kind in ("prose", "assessment"):
            for told in sentences.read(reader.flat, stretch.start, stretch.end, injured=injured):
                if _of_worker(reader, told, stretch):
                    _take(reader, told, written)


def _visit(
    reader: Reader, title: str, written: Read[str], day_at: tuple[int, int], sentences: SentenceReader
) -> None:
    """Take the visit that a note of a therapist, an acupuncturist or a psychologist is of."""
    kinds = sentences.visit_care(title)
    if len(kinds) != 1 or kinds[0] not in reader.vocabulary.treatments:
        return
    start = reader.flow.text.find(title)
    told = Statement(
        "course", start, start + len(title), (start, start + len(title)), BY_ITS_DAY, amount=Amount(1, None, "visit"),
        count_of="attended", treatment=kinds[0], date=written.value,
    )  # fmt: skip
    reader.paper.told.append(
        reader.read(told, "title and day of service", start, start + len(title), derived=True, shown=day_at)
    )


def _score_tables(reader: Reader) -> None:
    """Take the scores of tables: a scale with its days and points in a row, or below a row of days."""
    text, scales = reader.flow.text, Scales(reader.vocabulary)
    above: list[str] = []
    for line in reader.flow.lines:
        cells = [*re.finditer(r"[^\t]*\S[^\t]*", text[line.start : line.end])]
        found = [dates[0][0] if len(dates := days(cell[0])) == 1 else "" for cell in cells]
        first = scales.find(cells[0][0]) if cells else []
        if len(cells) > 1 and sum(map(bool, found)) >= len(cells) - 1 and not first:
            above = [day for day in found if day]
            continue
        if len(cells) < 2 or len(first) != 1 or first[0][0] > 3:
            above = above if len(cells) > 1 else []
            continue
        scale = first[0][2]
        points = [(cell, int(cell[0])) for cell in cells[1:] if re.fullmatch(r"\s*\d{1,3}\s*", cell[0])]
        own = [day for day in found if day]
        of = own if len(own) == len(points) else above if len(above) == len(points) else []
        for (cell, value), day in zip(points, of, strict=False):
            if scale.low <= value <= scale.high and len(day) == 10:
                start, end = line.start + cell.start(), line.start + cell.end()
                told = Statement(
                    "score", start, end, (line.start, line.end), "stated, in a table", amount=Amount(value, value),
                    instrument=scale.name, out_of=scale.high, date=day,
                )  # fmt: skip
                reader.paper.told.append(
                    reader.read(told, "table of scores", start, end, shown=(line.start, line.end))
                )


def _stretches(reader: Reader) -> Iterator[_Stretch]:
    """Yield the stretches of a record that may state something, each with what its heading says it holds."""
    labeled = {
        reader.flow.line_at(entry.at)
        for entry in reader.entries
        if entry.name in PRIVATE and entry.at == reader.flow.lines[reader.flow.line_at(entry.at)].start
    }
    boxes: dict[int, list[float]] = {}
    for page in reader.pages:
        boxes[page.number] = [box.box.middle for box in (*page.ticks, *page.squares)]
    text = reader.flow.text
    kind: Kind = "prose"
    own: _Stretch | None = None
    last = 0  # the number of the last point of a list
    after_gap = False  # words of a sentence may be missing before the line
    for number, line in enumerate(reader.flow.lines):
        words = text[line.start : line.end]
        begins = line.start
        found = None if _BOX.search(words) else _heading(words)
        if found is not None:
            if own is not None:
                yield own
            own, after_gap = None, False
            kind, length = found
            begins += length
            cells = [*re.finditer(r"[^\t]*\S[^\t]*", text[begins : line.end])]
            if len(cells) > 1 and kind != "nothing":  # a label and its value, and another label beside them
                yield _Stretch(kind, begins + cells[0].start(), begins + cells[0].end())
            if len(cells) != 1:
                continue
        elif number in labeled or _set_apart(line, words, boxes.get(line.page, [])):
            if own is not None:
                yield _cut_back(own, text)
            own, after_gap = None, True
            continue
        if kind == "nothing":
            continue
        point = re.match(r"\s*\(?(\d{1,2})[.)]\s", words)
        if point is not None and own is not None and int(point[1]) not in (1, last + 1):
            apart = False  # "... the score was", and on the next line "17. She reports ..."
        else:
            apart = line.start in reader.paragraph_starts or POINT.match(words) is not None
            last = int(point[1]) if point is not None else last
        if own is not None and (apart or found is not None):
            yield own
            own = None
        if own is None and after_gap and not apart and re.match(r"[a-z]", words):
            end = _SENTENCE_ENDS.search(text, line.start, line.end)
            if end is None:
                continue
            begins = end.end()
        after_gap = False
        own = _Stretch(kind, own.start if own is not None else begins, line.end)
    if own is not None:
        yield own


def _heading(words: str) -> tuple[Kind, int] | None:
    """Return what a line that begins with a heading announces, and the length of the heading; else None."""
    match = _HEADING.match(words)
    if match is None:
        return None
    name = match["words"].strip()
    alone = not words[match.end() :].strip()
    for kind, form in _KINDS:
        if form.fullmatch(name) and (match["colon"] == ":" or (alone and (name.isupper() or name.istitle()))):
            return kind, match.end()
    if alone and (name.isupper() or (match["colon"] == ":" and len(name.split()) < 7)) and len(name) > 3:
        return "prose", match.end()
    return None


def _set_apart(line: Line, words: str, boxes: list[float]) -> bool:
    """Whether a line is a row of a table, of labels, or of boxes to tick, rather than words that run on."""
    if any(line.box.bottom <= middle <= line.box.top for middle in boxes) or _BOX.search(words):
        return True
    cells = words.split("\t")
    return len(cells) > 2 or (len(cells) == 2 and not cells[0].rstrip().endswith(":"))


def _cut_back(stretch: _Stretch, text: str) -> _Stretch:
    """Return a stretch without a last sentence that goes on in a line which is not read."""
    ends = [match.end() for match in _SENTENCE_ENDS.finditer(text, stretch.start, stretch.end)]
    if stretch.kind != "prose":
        return stretch
    return stretch._replace(end=max(ends, default=stretch.start))


def _of_worker(reader: Reader, told: Statement, stretch: _Stretch) -> bool:
    """Whether a statement is of this worker, rather than of a template, a guideline or a plan."""
    start, end = told.sentence
    sentence = reader.flat[start:end]
    if told.fact in ("age", "sex", "injury_date"):
        return True
    if _DENIED_LIST.search(sentence) or _CHOICES.search(sentence) or _PLANNED.search(sentence):
        return False
    if told.fact not in ("score", "course") and len(sentence.split()) < _FEWEST:
        return False
    worker = _WORKER.search(sentence) or THIS_WORKER.search(sentence.lower())
    if worker is None and _GENERAL.search(sentence):
        return False
    before = _GUIDELINE.search(reader.flow.text, stretch.start, end)
    return before is None or (worker is not None and not _GUIDELINE.search(sentence))


def _take(reader: Reader, told: Statement, written: Read[str] | None) -> None:
    """Keep a statement with its place; a score told in the present is of the record's day."""
    paper = reader.paper
    derived = told.method.startswith("pronouns")
    if told.fact == "score" and told.date is None and written is not None:
        begin = max(told.sentence[0], *(reader.flat.rfind(mark, 0, told.start) for mark in ",;"))
        ends = [at for mark in ",;" if (at := reader.flat.find(mark, told.end, told.sentence[1])) >= 0]
        clause = reader.flat[begin : min([*ends, told.sentence[1]])]
        if not _THEN.search(clause):
            told = replace(told, date=written.value, method="stated, dated by the record")
            derived = True
    if told.fact == "surgery" and isinstance(told.value, str):
        words = reader.private.hide(told.value).split(HIDDEN)[0].strip(" ,")
        if not words:
            return
        told = replace(told, value=words)
    read = reader.read(told, "sentence", told.start, told.end, derived=derived, shown=told.sentence)
    if told.fact == "age" and told.amount is not None:
        paper.facts.setdefault("age", [read.of(told.amount.value, "age")])
    elif told.fact == "sex":
        known = paper.facts.get("sex")
        if known is None or (known[0].derived and not derived):
            paper.facts["sex"] = [read.of(told.value, "sex")]
    elif told.fact == "injury_date" and told.date is not None:
        if not any(each.value.startswith(told.date) for each in paper.dates.get("injury", ())):
            paper.dates.setdefault("injury", []).append(read.of(told.date, "date of injury"))
    elif told.fact == "diagnosis" and isinstance(told.value, str):
        for words in pieces_of(told.value):
            _diagnosis(reader, words, read.of(words, "diagnosis"))
    elif told.fact not in ("request_date", "work_status"):
        fact = "course" if told.fact == "prior_visits" else told.fact
        if fact in proposable():
            paper.told.append(read)
        else:
            said = f"what it says of {fact.replace('_', ' ')} is not proposed: it was not measured to be read rightly 95 times in 100"
            if said not in paper.questions:
                paper.questions.append(said)


_UNSURE = re.compile(r"\brule out\b|\br/o\b|\bpossible\b|\bprobable\b|\bsuspect\w*|\bversus\b|\bvs\b|\bstatus post\b|\bs/p\b|\bhistory of\b|^same\b|^none\b|\bdeferred\b|\bno evidence\b", re.I)  # fmt: skip


def _diagnoses(reader: Reader, stretch: _Stretch) -> None:
    """Take the diagnoses of a list: in an assessment only those with a code, because it holds much else."""
    if reader.paper.document == "imaging":
        return
    # hidden before it is taken apart: the end of "Dr." is the end of no sentence
    text = reader.private.hide(POINT.sub("", reader.flow.cut(stretch.start, stretch.end)))
    at = reader.read("", "diagnosis", stretch.start, stretch.end)
    for piece in re.split(r";|(?<=[.)]) (?=\d{1,2}[.)] |[A-Z])", text):
        if stretch.kind != "diagnoses":
            codes = diagnosis_codes(piece, "9999-12-31")
            piece = piece[: codes[0][3]] if codes else ""
        _diagnosis(reader, re.sub(r"^\d{1,2}[.)] ", "", piece), at)


def _diagnosis(reader: Reader, words: str, at: Read[str]) -> None:
    """Take one diagnosis, up to the first words that must not be kept."""
    words = reader.private.hide(words).split(HIDDEN)[0]
    if words.strip() and not _UNSURE.search(words):
        reader.diagnoses(words.strip(" ."), "", at)


def _operation(reader: Reader, stretch: _Stretch, written: Read[str] | None) -> None:
    """Take an operation that an operative report names, on the day of the report."""
    words = POINT.sub("", reader.flow.cut(stretch.start, stretch.end)).strip(" .")
    words = reader.private.hide(words).split(HIDDEN)[0].strip(" ,")
    if len(words) > 4 and not re.search(r"\binjection\b|\bblock\b", words, re.I):
        told = Statement(
            "surgery", stretch.start, stretch.end, (stretch.start, stretch.end), "named by the operative report",
            value=words, date=None if written is None else written.value, body_parts=find_body_parts(words),
        )  # fmt: skip
        reader.paper.told.append(reader.read(told, "operation", stretch.start, stretch.end))
