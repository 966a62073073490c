"""Which treatments a line names, by the names that the rulebook gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, Protocol

from imr_rules.words.lexicon import Phrases, lexicon, word_group
from imr_rules.words.marks import Mark
from imr_rules.words.spelling import Spelling
from imr_rules.words.tokens import Token, words_of

_BEFORE_A_SHORT_NAME = frozenset("(e+&|,:;cinuQARF-C@.")
"""What an abbreviation that means other things too ("pt") may follow to be a treatment; or nothing, or these:"""
_AFTER_A_SHORT_NAME = frozenset(")e+&|,:;(#-nfxuoqEslbtC.B~hSQTcP")
THERAPY, STUDIES, TOGETHER = "physical_medicine", "electrodiagnostic_study", "emg_and_ncs"
BOTH_STUDIES = frozenset(("electromyography", "nerve_conduction_study"))
INJECTION, EQUIPMENT, CONSULTATION = "injection", "durable_medical_equipment", "consultation"
MEDICATION, SURGERY, MIXTURE, ASSISTANT = "medication", "surgery", "compounded_topical", "surgical_assistant"
"""The treatments of the rulebook that every drug, operation and mixture of drugs is a kind of; and who helps operate."""
_A_LIST = 3
"""Treatments of so many kinds in one line are a list of requests, whichever of them would decide."""
_ENDS_A_CLAUSE = frozenset(";().")


class Named(Protocol):
    """What is needed of a treatment: its names, and what it is a kind of."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def lineage(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def words(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def decides(self) -> bool: ...  # noqa: D102
    @property
    def short(self) -> tuple[str, ...]: ...  # noqa: D102


class Mention(NamedTuple):
    """A treatment that a line names, and the tokens that name it, the last one excluded."""

    name: str
    first: int
    last: int


class TreatmentNames:
    """The treatments of a rulebook by what requests call them.

    Args:
        treatments: by name.
        codes: CPT or HCPCS code numbers and the treatment each stands for.
    """

    def __init__(self, treatments: Mapping[str, Named], codes: Mapping[str, str]) -> None:
        self.treatments, self.codes = treatments, codes
        self.spelling = Spelling(words for each in treatments.values() for words in each.words)
        self._phrases = Phrases((words, each.name) for each in treatments.values() for words in each.words)
        self._short = {
            short.replace(".", ""): each.name for each in treatments.values() for short in each.short
        }

    def mentions(
        self, words: Sequence[str], marks: Sequence[Mark], text: str = ""
    ) -> tuple[list[Mention], list[Mention]]:
        """Return the treatments that a line asks for, left to right, each by the longest words that fit; and the others.

        Guidance of an injection, what is expressly left out ("no NCS") and what was done before ("s/p RCR") are
        not asked for.
        """
        found = [*self._named(words, marks)]
        taken = {at for each in found for at in range(each.first, each.last)}
        found += self._by_the_lexicon(marks, taken)
        if self._short and not self._short.keys().isdisjoint(words):
            found += self._abbreviated(words, marks, taken, text)
        if MEDICATION in self.treatments and self._of_no_drug_named(found, marks):
            found = [*_other_drug(marks)]
        if not found and CONSULTATION in self.treatments:
            specialist = next((mark for mark in marks if mark.word in word_group("specialists")), None)
            found += [Mention(CONSULTATION, specialist.first, specialist.last)] if specialist else []
        other = next((mark.first for mark in marks if mark.value and mark.value[0] == "other_service"), None)
        if other is not None and all(other < each.first for each in found):
            return [], found  # "interpreter for physical therapy"
        found = [self._of_its_part(each, found, words, marks) for each in found]
        found.sort(key=lambda mention: mention.first)
        if len(found) > 1 and self._sends_to(found[0], found[1], marks):
            del found[0]
        if len(found) > 1:
            found = [mention for mention in found if not self._goes_with(mention, found, marks)]
        if len(found) == 2 and self._comes_after(found[0], found[1], marks):
            found = found[:1]
        aside = [mention for mention in found if self._aside(mention, found[0], marks)]
        found = [mention for mention in found if mention not in aside]
        return found or ([*_therapy(marks)] if THERAPY in self.treatments else []), aside

    def spoken_of(self, tokens: Sequence[Token]) -> Iterator[Mention]:
        """Yield the treatments that running words name, whatever they say of them; a drug also by its class."""
        words, at = [token.text for token in tokens], 0
        while at < len(words):
            found = self._phrases.longest(words, at)
            drug = None if found else lexicon().phrases.longest(words, at)
            if drug is not None and drug[0].kind == "drug" and drug[0].value.treatment in self.treatments:
                found = drug[0].value.treatment, drug[1]
            if found is None:
                at += 1
            else:
                yield Mention(found[0], at, found[1])
                at = found[1]

    def recognize(self, names: Iterable[str]) -> str | None:
        """Return the one treatment that several names speak of, or None.

        Where they are several kinds of one treatment, that broader treatment; where they have nothing in common,
        None. Treatments that decide come before all others.
        """
        found = [*names]
        if not found:
            return None
        deciding = [name for name in found if self.treatments[name].decides]
        if any(SURGERY in self.treatments[name].lineage for name in found) and found[0] != ASSISTANT:
            deciding = [name for name in deciding if name != ASSISTANT]  # beside the operation
        if deciding and (deciding[0] == found[0] or len({self._root(name) for name in found}) < _A_LIST):
            found = deciding
        for name in found:  # the most specific, where it is a kind of each other one
            if all(other in self.treatments[name].lineage for other in found):
                return name
        shared = next(
            (
                step
                for step in self.treatments[found[0]].lineage
                if all(step in self.treatments[other].lineage for other in found)
            ),
            None,
        )
        return None if shared == MEDICATION else shared  # two classes of drugs are two requests

    def unit(self, name: str | None) -> str | None:
        """Return the unit that a treatment is counted in; None of none."""
        return None if name is None else self.treatments[name].unit

    def lineage(self, name: str | None) -> tuple[str, ...]:
        """Return a treatment and all that it is a kind of; nothing of none."""
        return () if name is None else self.treatments[name].lineage

    def goes_on_the_skin(self, name: str) -> bool:
        """Whether a drug's treatment is a kind of what mixtures for the skin are a kind of: no patch of an opioid is."""
        kind = self.treatments.get(name)
        return kind is not None and {*kind.lineage} & {*self.treatments[MIXTURE].lineage} > {MEDICATION}

    def of_codes(self, codes: Iterable[str]) -> str | None:
        """Return the one treatment that codes speak of, what is done at its visits left out; or None."""
        found = [self.codes[code] for code in codes if code in self.codes]
        return self.recognize([name for name in found if not self._at_visits(name)] or found)

    def _at_visits(self, name: str) -> bool:
        return not _AT_VISITS.isdisjoint(self.treatments[name].lineage)

    def asked_for(self, mentions: Sequence[Mention], marks: Sequence[Mark]) -> str | None:
        """Return the one treatment that a line's mentions speak of; of several operations, surgery."""
        named = {mention.name for mention in mentions}
        found = self.recognize(mention.name for mention in mentions)
        if named == BOTH_STUDIES and TOGETHER in self.treatments:
            return TOGETHER  # "electromyography (EMG) / nerve conduction study (NCS)"
        if SURGERY not in self.lineage(found):
            return found
        operations = {mark.value.value for mark in marks if mark.letter == "O"}
        others = {self._operation(each) for each in operations - word_group("any_operation")}
        return SURGERY if SURGERY in others else found

    def _root(self, name: str) -> str:
        return self.treatments[name].lineage[-1]

    def _of_no_drug_named(self, found: Sequence[Mention], marks: Sequence[Mark]) -> bool:
        """Whether the drugs of a line are none that the rulebook knows, and what it names are classes of others.

        "Colace (opioid constipation)" asks for no opioid.
        """
        drugs = [mark for mark in marks if mark.letter == "d"]
        if any(mark.value.value.treatment in self.treatments for mark in drugs):
            return False
        beside = (
            MEDICATION in self.treatments[each.name].lineage
            and all(mark.last <= each.first or mark.first >= each.last for mark in drugs)
            for each in found
        )
        return bool(drugs) and all(beside)

    def _by_the_lexicon(self, marks: Sequence[Mark], taken: set[int]) -> Iterator[Mention]:
        """Yield the drugs, operations and devices of the lexicon that the rulebook names by their class alone."""
        for mark in marks:
            if mark.letter == "d":
                name = mark.value.value.treatment
            elif mark.letter == "O":
                name = self._operation(mark.value.value)
            else:
                name = EQUIPMENT if mark.value is not None and mark.value[0] == "device" else ""
            if name in self.treatments and mark.first not in taken:
                yield Mention(name, mark.first, mark.last)

    @cached_property
    def _by_part(self) -> Phrases[Mapping[str, str]]:
        """What names say behind the part of the body that they begin with: a brace, and which it is of which part."""
        behind: dict[str, dict[str, str]] = {}
        for treatment in self.treatments.values():
            for name in treatment.words:
                part = lexicon().phrases.longest(words := words_of(name), 0)
                if part is None or part[0].kind != "region" or part[1] == len(words):
                    continue
                whole = (
                    lexicon().regions[part[0].value].axial or words[0] in part[0].value
                )  # and no bursa of it
                if whole:
                    kinds = behind.setdefault(" ".join(words[part[1] :]), {})
                    kinds.setdefault(part[0].value, treatment.name)
        return Phrases(behind.items())

    def _of_its_part(
        self, mention: Mention, mentions: Sequence[Mention], words: Sequence[str], marks: Sequence[Mark]
    ) -> Mention:
        """Return a mention as of the kind that its part of the body makes it: "hinged brace, left knee" is a knee brace."""
        if any(mention.name in self.treatments[each.name].lineage[1:] for each in mentions):
            return mention  # "Synvisc injection"
        regions = {mark.value[1] for mark in marks if mark.letter == "b"}
        if not regions:
            return mention
        named = [*words[mention.first : mention.last]]
        if mention.name == INJECTION and any(_is_drug(mark, "corticosteroid") for mark in marks):
            named = ["steroid", "injection"]
        found = self._by_part.longest(named, 0)
        if found is None or found[1] != len(named):
            return mention
        kinds = {name for region, name in found[0].items() if region in regions}
        kind = kinds.pop() if len(kinds) == 1 else mention.name
        finer = mention.name in self.treatments[kind].lineage
        broader = kind in self.treatments[mention.name].lineage  # a fusion of the ankle is none of the spine
        return mention._replace(name=kind) if finer or broader else mention

    def _operation(self, name: str) -> str:
        """Return the treatment that an operation's own name is of; else surgery, of which each is a kind."""
        words = words_of(name)
        found = self._phrases.longest(words, 0)
        named = found is not None and found[1] == len(words) and SURGERY in self.treatments[found[0]].lineage
        return found[0] if found is not None and named else SURGERY

    def _named(self, words: Sequence[str], marks: Sequence[Mark]) -> Iterator[Mention]:
        places: Sequence[int] = range(len(words))
        if any(mark.letter == "g" for mark in marks):  # "capsaicin 0.025% cream" is capsaicin cream
            strengths = _strengths(marks)
            places = [at for at in places if at not in strengths]
            words = [words[at] for at in places]
        at, count, longest = 0, len(words), self._phrases.longest
        while at < count:
            found = longest(words, at)
            if found is None and words[at + 1 : at + 2] in _PARTING:
                # "therapy, aquatic"
                turned = longest([*words[at + 2 : at + 3], words[at]], 0) if at + 2 < count else None
                found = (turned[0], at + 3) if turned is not None and turned[1] == 2 else None
            if found is None:
                at += 1
            else:
                yield Mention(found[0], places[at], places[found[1] - 1] + 1)
                at = found[1]

    def _abbreviated(
        self, words: Sequence[str], marks: Sequence[Mark], taken: set[int], text: str
    ) -> Iterator[Mention]:
        """Yield abbreviations that mean other things elsewhere ("pt", a patient) where a service must stand."""
        for index, mark in enumerate(marks):
            name = self._short.get(mark.word)
            if name is None or mark.first in taken or mark.last - mark.first > 1:
                continue
            following = marks[index + 1 : index + 5]
            if any(each.word in word_group("clotting") for each in following[:3]):
                continue
            before = marks[index - 1] if index else None
            # "PT" is the therapy, "pt" a patient; "pt 8 visits" is the therapy again
            loud = text[mark.start : mark.end].isupper() and not text.isupper()
            sure = loud or "".join(each.letter for each in following[:2]) in ("nu", "nx", "ne")
            if not (
                before is None
                or (sure and before.word not in word_group("articles"))
                or before.letter in _BEFORE_A_SHORT_NAME
                or words[before.last - 1] in word_group("before_a_short_name")
            ):
                continue
            behind = [each.letter for each in following[:2]]
            if behind[:1] == [")"] and behind[1:] != ["n"]:
                continue  # "overtime (OT) pay", and not "(PT) 8 visits"
            if loud or not following or following[0].letter in _AFTER_A_SHORT_NAME:
                yield Mention(name, mark.first, mark.last)
            elif following[0].word in word_group("after_a_short_name"):
                after = [each for each in following[1:] if each.word not in word_group("articles")]
                if following[0].letter != "r" or (after and after[0].letter in "sblOnc"):
                    yield Mention(name, mark.first, mark.last)

    def _sends_to(self, referral: Mention, care: Mention, marks: Sequence[Mark]) -> bool:
        """Whether a referral is to the care that is asked for: "referral for PT x 6"."""
        named = [mark.word for mark in marks if referral.first <= mark.first < referral.last]
        between = {mark.word for mark in marks if referral.last <= mark.first < care.first}
        sent = any(word.startswith("refer") for word in named) and self.treatments[care.name].unit == "visit"
        return sent and bool(between) and between <= word_group("purpose") | word_group("articles")

    def _goes_with(self, mention: Mention, found: Sequence[Mention], marks: Sequence[Mark]) -> bool:
        """Whether a mention is part of what another one asks for.

        So are the form a named drug comes in ("Biofreeze gel"), the supplies of a device ("TENS unit with electrodes"),
        and what a drug or a ride is for ("Valium for MRI").
        """
        own = self.treatments[mention.name].lineage
        at = next(index for index, mark in enumerate(marks) if mark.last > mention.first)
        mark, first = marks[at], found[0]
        kind = self.treatments[first.name]
        if injected_drug(mark):
            return any(INJECTION in self.treatments[each.name].lineage for each in found)
        if mark.value is not None and mark.value[0] == "form" and mark.last >= mention.last:
            return any(each.name in own and each.name != own[-1] for each in found if each is not mention)
        following = [each.word for each in marks[at + 1 : at + 3]]
        if mention is first and ("include" in following or "including" in following[:1]):
            return mention.name in _LISTS  # "labs to include: EKG"
        if mark.word in word_group("joints") and mention.last == mark.last:
            # "radiofrequency ablation of the facets"
            others = (each.name for each in found if each.name != mention.name)
            return any(INJECTION in self.treatments[name].lineage for name in others)
        if mention is first or not at:
            return False
        accompanied = marks[at - 1].word in word_group("accompanied")
        if mention.name in _SUPPLIES:
            return accompanied and kind.unit in ("item", "month")
        if mention.name in _VISITS and kind.unit == "visit" and first.name not in _VISITS:
            # "PT evaluation and 8 follow-up visits"
            return accompanied or marks[at - 1].letter in "nu,+t" or marks[at - 1].last == first.last
        between = [each for each in marks[:at] if each.first >= first.last]
        letters = "".join(each.letter for each in between)
        bracketed = letters.count("(") > letters.count(")")
        if kind.unit == "visit" and not self._at_visits(first.name) and self._at_visits(mention.name):
            including = any(each.word in word_group("including") for each in between)
            return (including or bracketed) and ";" not in letters
        if bracketed and kind.unit == "visit" and EQUIPMENT in own:
            return True  # "OT x 8 (splint made at the first visit)"
        if MEDICATION in kind.lineage and mention.name == INJECTION:
            return {"&", ",", ";", "+"}.isdisjoint(letters)  # "Toradol 60 mg injection"
        if MEDICATION in kind.lineage and MEDICATION in own and first.name not in own:
            return bracketed  # "Prilosec (stomach upset with NSAIDs)"
        gap = [
            each for each in between if each.letter not in "sbl" and each.word not in word_group("articles")
        ]
        if not gap or gap[-1].word not in word_group("purpose"):
            return False
        if any(each.word in word_group("taught") for each in marks[at + 1 : at + 3]):
            return True  # "one PT visit for TENS instruction"
        serves = MEDICATION in kind.lineage or (SURGERY in own and SURGERY not in kind.lineage)
        return (serves and MEDICATION not in own) or first.name in _FOR_ANOTHER

    def _comes_after(self, care: Mention, operation: Mention, marks: Sequence[Mark]) -> bool:
        """Whether care is asked for after an operation that is named behind it: "post-op PT, left knee arthroscopy"."""
        if SURGERY not in self.treatments[operation.name].lineage:
            return False
        before = [mark for mark in marks if mark.first < operation.first]
        nearest = [mark for mark in before if mark.letter not in "sbl"][-1:]  # "and left knee arthroscopy"
        joined = any(mark.letter in "&+|t" or mark.word in word_group("accompanied") for mark in nearest)
        said = any(mark.letter == "w" and mark.value and mark.value[0] == "post_operative" for mark in before)
        return said and not joined and SURGERY not in self.treatments[care.name].lineage

    def _aside(self, mention: Mention, first: Mention, marks: Sequence[Mark]) -> bool:
        """Whether a mention is not asked for: guidance, left out, or done before."""
        operation = SURGERY in self.treatments[mention.name].lineage
        at = next(index for index, mark in enumerate(marks) if mark.last > mention.first)
        mark = marks[at]
        if mark.value is not None and mark.last >= mention.last and mark.value[0] in _ASIDE:
            return True
        for before in reversed(marks[:at]):
            if before.letter in _ENDS_A_CLAUSE:
                break
            if before.letter == "I":
                return mention is not first
            if before.letter in "SG" and before.last <= mention.first:
                return (operation and before.letter == "S") or mention is not first
        return bool(at) and marks[at - 1].letter == "N"


def injected_drug(mark: Mark) -> bool:
    """Whether a mark is a drug that is part of an injection, where a line asks for one: a steroid, an anesthetic."""
    return any(_is_drug(mark, kind) for kind in _INJECTED)


def _is_drug(mark: Mark, kind: str) -> bool:
    return mark.letter == "d" and mark.value.value.treatment == kind


def _other_drug(marks: Sequence[Mark]) -> Iterator[Mention]:
    """Yield the one drug that a line names, where the rulebook knows neither it nor its class: a medication."""
    drugs = [mark for mark in marks if mark.letter == "d"]
    if len(drugs) == 1:
        yield Mention(MEDICATION, drugs[0].first, drugs[0].last)


def _therapy(marks: Sequence[Mark]) -> Iterator[Mention]:
    """Yield the therapy that a line asks for by no other name, for a part of the body: "8 therapy visits, left knee"."""
    regions = {mark.value[1] for mark in marks if mark.letter == "b" and mark.value[0] == "region"}
    for before, mark, after in zip((None, *marks), marks, (*marks[1:], None), strict=False):
        bare = before is None or before.letter in "nc,:&"
        if (
            mark.word == "therapy"
            and bare
            and (after is None or after.letter in "u,rn:x")
            and regions - {"head", "face"}
        ):
            yield Mention(THERAPY, mark.first, mark.last)


def _strengths(marks: Sequence[Mark]) -> set[int]:
    """Return the tokens of numbers with their units of strength."""
    found: set[int] = set()
    for at, mark in enumerate(marks):
        measured = at + 1 < len(marks) and marks[at + 1].letter == "g"
        if mark.letter == "g" or (mark.letter in "nf" and measured):
            found.update(range(mark.first, mark.last))
    return found


_ASIDE = frozenset(("guidance", "post_operative", "no_service"))
_SUPPLIES, _VISITS = frozenset(("medical_supplies",)), frozenset(("office_visit",))
_PARTING = ([","], [":"], ["-"])
_AT_VISITS = frozenset(("passive_modality", "electrical_stimulation", "manual_therapy"))
"""What is done at visits for something else: "acupuncture with infrared heat", "PT (manual therapy)"."""
_INJECTED = ("corticosteroid", "topical_lidocaine", "anesthetic")
_FOR_ANOTHER = frozenset(
    [
        "transportation", "medical_supplies", "consultation", "office_visit", "psychological_evaluation",
        "preoperative_clearance", "functional_capacity_evaluation", "laboratory_test", "urine_drug_test", "electrocardiogram",
    ]
)  # fmt: skip
"""What is asked for on account of something else: rides to therapy, electrodes for a device, clearance for surgery."""
_LISTS = frozenset(("laboratory_test",))
