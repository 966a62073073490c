"""How a draft of a case is written: without what is not known, and as the YAML of a case file."""

from __future__ import annotations

from typing import Any

import yaml


def pruned(part: Any) -> Any:
    """Leave out what is not known, and what is empty for it."""
    if isinstance(part, dict):
        kept = {name: pruned(each) for name, each in part.items()}
        return {name: each for name, each in kept.items() if each is not None and each not in ({}, [])}
    if isinstance(part, list):
        return [pruned(each) for each in part]
    return part


def case_text(data: Any) -> str:
    """Return a case, as plain data, as the YAML text of a case file."""
    return yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110
    )


class _Dumper(yaml.SafeDumper):
    """Writes the same place twice rather than an anchor and a reference to it."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never refer back."""
        return True
