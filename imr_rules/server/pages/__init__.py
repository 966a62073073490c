"""The reviewer's pages: a face of the service for people, rendered on the server.

::

    sessions   who is reading, for how long, and the token that shows a form is ours
    gate       what a request may see and do; errors as pages
    frame      templates, words and headers
    forms      what a form sent, read within limits
    worklist, case_page, trying, entering, deciding     one module a task
    rulebook_pages, workbench_pages                     the same for guideline editors
    answering, changeable, editing, record_panel, case_form    what they need of a case, without HTTP

Nothing is loaded from elsewhere, nothing runs that is not in ``static/``. Needs the extras ``service`` and ``page``.
"""

from imr_rules.server.pages.install import install

__all__ = ["install"]
