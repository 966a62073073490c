"""The service over HTTP: thin routers, each a translation of one task and back."""
