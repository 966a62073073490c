"""What sentences of records state: facts, courses of care, scores, operations, and what each one claims of them."""

from imr_rules.reading.sentences.reader import SentenceReader
from imr_rules.reading.sentences.sentence import Sentence, sentences
from imr_rules.reading.sentences.statement import CountOf, Section, Statement, merge_counts

__all__ = ["CountOf", "Section", "Sentence", "SentenceReader", "Statement", "merge_counts", "sentences"]
