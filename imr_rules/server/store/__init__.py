"""The store: screenings with what they rest on, sign-offs, keys, rulebooks. It knows nothing of HTTP."""

from imr_rules.server.store.database import Store

__all__ = ["Store"]
