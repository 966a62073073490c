"""Charts: what a case shows at a glance, drawn on the server as SVG (the extra ``page``).

Three pictures: visits against the limits, scores over time, the dispute's dates. Each is data first
(:mod:`~imr_rules.writing.charts.counts`, :mod:`~imr_rules.writing.charts.scores`, :mod:`~imr_rules.writing.charts.events`), which says
its numbers as rows and in words; :mod:`~imr_rules.writing.charts.pictures` draws it. The same picture serves the page,
in light and dark, and the PDF.
"""
