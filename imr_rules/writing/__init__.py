"""Results in words: reports, charts and the determination."""
