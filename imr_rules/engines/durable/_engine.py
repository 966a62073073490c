"""The engine's extension module, where this machine has one that works."""

from __future__ import annotations

try:
    import durable_rules_engine as engine  # the extension module alone: no Host, no threads, no timers
except ImportError as _fault:  # not built, or a Python it cannot run on
    engine = None
    _reason = "is not installed" if isinstance(_fault, ModuleNotFoundError) else "cannot be imported here"
else:
    _reason = ""

__all__ = ["available", "engine", "why_unavailable"]


def available() -> bool:
    """Whether durable-rules can be used on this machine."""
    return engine is not None


def why_unavailable() -> str:
    """Return why durable-rules cannot be used, in a few words; empty where it can."""
    return _reason
