"""Where things are in the checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
DETERMINATIONS = FIXTURES / "determinations"
SEED = DETERMINATIONS / "seed-cbt-relaxation.yaml"
