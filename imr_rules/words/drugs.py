"""Which drugs a few words name, and in which form: the request's words, or an entry of a drug list."""

from __future__ import annotations

import re
from typing import NamedTuple

from imr_rules.words.lexicon import lexicon
from imr_rules.words.plain import plain
from imr_rules.words.tokens import words_of

PARTNERS = frozenset({"acetaminophen", "aspirin"})
"""Drugs that many tablets hold beside the one they are known by: "hydrocodone/acetaminophen" is hydrocodone."""
_PERCENT = re.compile(r"\d\s?%")
_BRANDED = {"topical diclofenac": ("diclofenac", "cream")}
"""An entry of the lexicon that is a drug in one form → the drug, and the form where no other is named."""


class NamedDrugs(NamedTuple):
    """The drugs that words name.

    Attributes:
        ingredients: by their names in the lexicon, partners such as acetaminophen left out where another is named.
        form: one of the lexicon's ``forms``; None where the words name none, or several.
    """

    ingredients: frozenset[str]
    form: str | None


def drugs_named(text: str) -> NamedDrugs:
    """Return the drugs that a text names.

    >>> drugs_named("Norco 10/325 mg #60")
    NamedDrugs(ingredients=frozenset({'hydrocodone'}), form=None)
    >>> drugs_named("Voltaren gel 1% 100 g")
    NamedDrugs(ingredients=frozenset({'diclofenac'}), form='cream')
    >>> drugs_named("ketoprofen 10% 60 g").form
    'cream'
    """
    words = words_of(plain(text))
    found: set[str] = set()
    forms = {form for form, names in lexicon().forms.items() if not names.isdisjoint(words)}
    if not forms and _PERCENT.search(text):
        forms.add("cream")  # what is taken by mouth has no strength in percent
    at = 0
    while at < len(words):
        phrase = lexicon().phrases.longest(words, at)
        if phrase is not None and phrase[0].kind == "drug":
            name, usual = _BRANDED.get(phrase[0].value.ingredient, (phrase[0].value.ingredient, None))
            found.add(name)
            if usual is not None and not forms:
                forms.add(usual)
            at = phrase[1]
        else:
            at += 1
    return NamedDrugs(frozenset(found - PARTNERS or found), forms.pop() if len(forms) == 1 else None)


def form_of(text: str) -> str | None:
    """Return the form that a cell of a list names, or None where it is none that is told apart."""
    words = set(words_of(plain(text)))
    found = [form for form, names in lexicon().forms.items() if not names.isdisjoint(words)]
    return found[0] if len(found) == 1 else None
