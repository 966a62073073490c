"""The example of each file in docs/formats.md is a file of that kind, and every key of each is told."""

from __future__ import annotations

import re

import pytest
from pydantic import BaseModel

from imr_rules._reading import parse
from imr_rules._validation import validate
from imr_rules.errors import RulebookError
from imr_rules.rulebook import files
from tests.paths import ROOT

PAGE = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
KINDS: dict[str, tuple[type[BaseModel], tuple[type[BaseModel], ...]]] = {
    "sources.yaml": (files.SourcesFile, (files.LawFile, files.SourceFile, files.NamedCitationFile)),
    "facts.yaml": (files.FactsFile, (files.FactFile,)),
    "treatments.yaml": (files.TreatmentsFile, (files.TreatmentFile, files.ConversionFile)),
    "instruments.yaml": (files.InstrumentsFile, (files.InstrumentFile,)),
    "codes.yaml": (files.CodesFile, (files.CodeFile,)),
    "drugs.yaml": (files.DrugsFile, (files.DrugListFile, files.DrugFile)),
}


def section(name: str) -> str:
    found = re.search(rf"^## {re.escape(name)}:.*?(?=^## )", PAGE, re.MULTILINE | re.DOTALL)
    assert found, name
    return found.group()


@pytest.mark.parametrize("name", KINDS)
def test_the_example_of_a_file_can_be_read(name: str) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", section(name), re.DOTALL)
    validate(KINDS[name][0], parse(example, RulebookError, file=name), RulebookError)


@pytest.mark.parametrize("name", KINDS)
def test_every_key_of_a_file_is_told(name: str) -> None:
    whole, parts = KINDS[name]
    keys = [field.alias or key for model in (whole, *parts) for key, field in model.model_fields.items()]
    told = section(name)
    assert [key for key in keys if key not in ("note", "cites") and key not in told] == []
