"""What the files of a rulebook look like: the shapes an editor writes, and their JSON Schema."""

from imr_rules.rulebook.dictionary import CitationStatus
from imr_rules.rulebook.files.bibliography import LawFile, NamedCitationFile, SourceFile, SourcesFile
from imr_rules.rulebook.files.common import InForce
from imr_rules.rulebook.files.guideline import (
    AmountsFile,
    AppliesFile,
    CitationFile,
    CriterionFile,
    GuidelineFile,
    LimitFile,
    PracticeFile,
    RecommendedFile,
    RowFile,
    SupersedesFile,
)
from imr_rules.rulebook.files.layer import LayerFile
from imr_rules.rulebook.files.words import (
    BandFile,
    ChangeFile,
    CodeFile,
    CodesFile,
    ConversionFile,
    DiagnosisWords,
    FactFile,
    FactsFile,
    InstrumentFile,
    InstrumentsFile,
    RegionFile,
    TreatmentFile,
    TreatmentsFile,
)

__all__ = [
    "AmountsFile",
    "AppliesFile",
    "BandFile",
    "ChangeFile",
    "CitationFile",
    "CitationStatus",
    "CodeFile",
    "CodesFile",
    "ConversionFile",
    "CriterionFile",
    "DiagnosisWords",
    "FactFile",
    "FactsFile",
    "GuidelineFile",
    "InForce",
    "InstrumentFile",
    "InstrumentsFile",
    "LawFile",
    "LayerFile",
    "LimitFile",
    "NamedCitationFile",
    "PracticeFile",
    "RecommendedFile",
    "RegionFile",
    "RowFile",
    "SourceFile",
    "SourcesFile",
    "SupersedesFile",
    "TreatmentFile",
    "TreatmentsFile",
]
