"""The clinical case summary as facts: what a pre-screen would know besides the request."""

from imr_rules.reading.letters.summary.person import find_person
from imr_rules.reading.letters.summary.reading import read_summary

__all__ = ["find_person", "read_summary"]
