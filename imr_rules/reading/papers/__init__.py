"""Reads what an intake desk holds into a draft case: requests, decisions, applications and records."""
