"""What the tests of the reviewer's pages share."""

from __future__ import annotations

import importlib.util

_NEEDED = (
    "fastapi", "uvicorn", "sqlalchemy", "alembic", "psycopg", "prometheus_client", "httpx", "jinja2",
    "python_multipart", "matplotlib", "typst",
)  # fmt: skip
for _needed in _NEEDED:
    if importlib.util.find_spec(_needed) is None:
        collect_ignore_glob = ["test_*.py"]
        print(f"SKIPPED LOUDLY: {_needed} is not installed, so the reviewer's pages are not tried")
        break
else:
    from tests.server.pages.reader import reader, workers

    __all__ = ["reader", "workers"]
