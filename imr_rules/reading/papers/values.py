"""Values of single fields: dates, diagnoses and their codes, codes of services; and what is never kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from imr_rules.words.dates import DATE, read_date
from imr_rules.words.lexicon import word_group
from imr_rules.words.persons import HIDDEN, without_names

_DAY_FIRST = r"\b\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?,? \d{4}\b"
_DOTTED = r"(?<![\d.])\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})(?![\d.])"
ANY_DATE = re.compile(rf"{_DAY_FIRST}|{_DOTTED}|{DATE}", re.I)


def day(written: str) -> str | None:
    """Return a date as ``2016-10-14`` or ``2016-10``; ``None`` where no such day exists."""
    words = re.sub(r"\s+", " ", written)
    if (
        first := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)? (?:of )?([A-Za-z]+)\.?,? (\d{4})", words)
    ) is not None:
        words = f"{first[2]} {first[1]}, {first[3]}"
    return read_date(words.replace(".", "/") if re.fullmatch(_DOTTED, words) else words)


def days(text: str) -> list[tuple[str, int, int]]:
    """Return the dates of a text that can be, each with its characters."""
    flat = re.sub(r"\s", " ", text)
    return [
        (found, *match.span()) for match in ANY_DATE.finditer(flat) if (found := day(match[0])) is not None
    ]


def whole_years(born: str, on: str) -> int | None:
    """Return somebody's age in whole years on a day; ``None`` where that is no age of a worker."""
    if len(born) != 10 or len(on) != 10:
        return None
    first, then = date.fromisoformat(born), date.fromisoformat(on)
    age = then.year - first.year - ((then.month, then.day) < (first.month, first.day))
    return age if 12 <= age <= 110 else None


ICD9_UNTIL = "2015-10-01"
"""Diagnoses of services from this day on are coded in the tenth revision."""
_ICD10 = re.compile(
    r"(?<![A-Za-z0-9.$£])(?P<letter>[A-TV-Z$£])(?P<digits>[0-9SOIZl][0-9A-Z])\.?(?P<rest>(?<=\.)[0-9A-Z]{1,4}|[0-9]{1,2}[0-9A-Z]{0,2})?(?![A-Za-z0-9])"
)
_ICD9 = re.compile(
    r"(?<![A-Za-z0-9.#])(?P<code>[VE]\d{2,3}(?:\.\d{1,2})?|\d{3}(?:\.\d{1,2})?)(?![\d.]*\d|[A-Za-z%])"
)
_FOR = {"$": "S", "£": "E"}
_DIGIT = {"S": "5", "O": "0", "I": "1", "l": "1", "Z": "2"}


def diagnosis_codes(text: str, on: str | None) -> list[tuple[str, str, int, int, bool]]:
    """Return the diagnosis codes of a text: ``icd9`` or ``icd10``, the code, its characters, whether it was mended.

    A code's first two characters are a letter and a digit; where text recognition read ``$43.421D``, that is mended and
    said. A number is never mended into a letter. ``on`` is the day of the request, where it is known.
    """
    found = []
    for match in _ICD10.finditer(text):
        letter, digits = match["letter"], match["digits"]
        mended = (_FOR.get(letter, letter), _DIGIT.get(digits[0], digits[0]) + digits[1])
        rest = f".{match['rest']}" if match["rest"] else ""
        if not rest and not (mended[1].isdigit() and "." not in match[0]):
            continue
        if (not rest and re.match(r"[CTL]\d$", mended[0] + mended[1])) or (mended[0] in "LCT" and not rest):
            continue  # a level of the spine
        found.append(("icd10", mended[0] + mended[1] + rest, *match.span(), mended != (letter, digits)))
    if not found and (on is None or on < ICD9_UNTIL):
        found = [("icd9", match["code"], *match.span("code"), False) for match in _ICD9.finditer(text)]
    return found


_SERVICE_CODE = re.compile(
    r"(?<![A-Za-z0-9#./$-])(?P<code>[A-Z]\d{4}|\d{4}[A-Z]|\d{5})(?:-[A-Z0-9]{2})?(?![A-Za-z0-9]|[./]\d)"
)


def service_codes(text: str) -> tuple[str, ...]:
    """Return the CPT and HCPCS codes of a text, without modifiers, each once."""
    return tuple(dict.fromkeys(match["code"] for match in _SERVICE_CODE.finditer(text.replace("\n", " "))))


def without_codes(text: str) -> str:
    """Return a service's words without its codes: "(CPT 62321)", "(97110, 97140)", "CPT: 99214"."""
    code = r"(?:[A-Z]\d{4}|\d{4}[A-Z]|\d{5})(?:-[A-Z0-9]{2})?"
    several = rf"(?:CPT|HCPCS|codes?|procedure)?(?:[ /](?:CPT|HCPCS))?(?: codes?)?[ :#]*{code}(?:(?: ?[,;/&+x] ?| and | )(?:\d x )?{code})*"
    text = re.sub(
        rf" ?[\[(]{several}[\])]|,? ?(?<![\w-])(?:CPT|HCPCS)(?: codes?)?[ :#]*{code}(?:(?: ?[,;/&+] ?| and ){code})*",
        "",
        text,
    )
    return re.sub(r"\s+([,.;])", r"\1", re.sub(r" {2,}", " ", text)).strip(" ,;:")


_PRIVATE = re.compile(
    r"\(?\b\d{3}\)?[-. ]{1,2}\d{3}[-. ]\d{4}\b|\b\d{3}-\d{2}-\d{4}\b|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b\d{1,6} (?:[NSEW]\.? )?(?:[A-Z][\w'-]*\.? ){1,4}(?i:street|st|avenue|ave|road|rd|blvd|boulevard|lane|ln|drive|dr|way|suite|court)\b\.?"
    r"|\b(?=[A-Z0-9-]*\d[A-Z0-9-]*\d[A-Z0-9-]*\d)(?:[A-Z]{2,}[-]?[A-Z0-9]*-?[A-Z0-9-]{4,}|\d{7,})\b"
)  # fmt: skip


class Private:
    """What a paper says of persons: never kept, and taken out of the words shown to whoever confirms a value."""

    def __init__(self, values: Iterable[str], names: Iterable[str] = ()) -> None:
        """Take the values of private labels; of ``names``, which are persons' or bodies', each word is one too."""
        kept = set()
        for value in values:
            for part in [value, *re.split(r"[\t\n,;/]", value)]:
                words = re.sub(r"\s+", " ", part).strip(" .:|-")
                if re.fullmatch(r"(?:19|20)\d\d", words):
                    continue  # "Re: a name, injured March 3, 2022": a year by itself is nobody's
                if (len(words) >= 3 and not words.isalpha()) or len(words) >= 4:
                    kept.add(words)
        forms = [re.escape(each).replace(r"\ ", r"\s+") for each in sorted(kept, key=len, reverse=True)]
        own = {word for name in names for word in re.findall(r"\b[A-Z][\w'-]{3,}", name)}
        own = {word for word in own if word.lower() not in word_group("of_clinics")}
        own |= {word.title() for word in own} | {word.upper() for word in own}
        self._names = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(own)))})\b") if own else None
        self._values = re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)", re.I) if forms else None

    def hide(self, text: str) -> str:
        """Return words without names, numbers and addresses of persons."""
        if self._values is not None:
            text = self._values.sub(HIDDEN, text)
        if self._names is not None:
            text = self._names.sub(HIDDEN, text)
        return without_names(_PRIVATE.sub(HIDDEN, text))
