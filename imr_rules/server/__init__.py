"""The intake service: a case is posted, the suggestion comes back, a physician signs, everything can be shown later.

::

    settings  ┐
    store     │
    audit     ├─ context.Service ── tasks (what can be asked, one module a task) ── api (over HTTP)
    keys      │
    rulebooks ┘

The store knows nothing of HTTP, the audit nothing of what is stored, and the only verb is
:func:`~imr_rules.screening.screen`. Needs the extra ``service``.
"""
