"""The words that every reader shares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_rules import Rulebook
from imr_rules.words import lexicon
from imr_rules.words.tokens import tokens_of, words_of


@given(st.text(alphabet="aExZ l5-."))
def test_the_words_of_a_phrase_are_its_tokens_whatever_it_is_made_of(phrase: str) -> None:
    assert words_of(phrase) == [token.text.lower() for token in tokens_of(phrase)]


def test_no_phrase_means_two_things() -> None:
    phrases = [phrase for phrase, _ in lexicon().entries]
    assert sorted(phrases) == sorted(set(phrases))


def test_every_region_of_the_rulebook_is_a_part_of_the_body_or_the_psyche(rulebook: Rulebook) -> None:
    assert set(rulebook.vocabulary.regions) - set(lexicon().regions) == {"psyche"}


@pytest.mark.parametrize(
    ("name", "ingredient", "treatment", "form"),
    [
        ("Norco", "hydrocodone", "opioid", "tablet"),
        ("MS Contin", "morphine", "opioid", "tablet"),
        ("Voltaren gel", "topical diclofenac", "topical_nsaid", "gel"),
        ("Voltaren", "diclofenac", "nsaid", "tablet"),
        ("Synvisc-One", "hyaluronate", "viscosupplementation", "injection"),
        ("Medrol", "methylprednisolone", "corticosteroid", "tablet"),
    ],
)
def test_drugs_are_found_by_brand_or_ingredient(
    name: str, ingredient: str, treatment: str, form: str
) -> None:
    drug = lexicon().drug(name)
    assert drug is not None
    assert (drug.ingredient, drug.treatment, drug.form) == (ingredient, treatment, form)


@pytest.mark.parametrize("name", ["", "aspirine", "Medrol and Norco", "therapy"])
def test_what_is_no_drug_is_none(name: str) -> None:
    assert lexicon().drug(name) is None


def test_a_drug_that_the_rulebook_names_is_of_the_class_the_rulebook_says(rulebook: Rulebook) -> None:
    vocabulary = rulebook.vocabulary
    topical = {
        "compounded_topical",
        "topical_analgesic",
    }  # compounds are told by their base, not by what is in them
    for drug in lexicon().drugs.values():
        for name in (drug.ingredient, *drug.brands):
            found = vocabulary.recognize(name)
            if found is None or found in topical:
                continue
            if drug.treatment in vocabulary.treatments:
                assert drug.treatment in vocabulary.treatments[found].lineage, name
            else:  # a class that no guideline speaks of
                assert found == "medication", name
