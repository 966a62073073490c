"""Words on paper become a draft of a case: sentences of a record, determination letters, and intake papers.

Each reads by the words of :mod:`imr_rules.words` and names treatments and facts by the rulebook's vocabulary.
"""
