"""Metrics for Prometheus. Labels hold routes as declared, codes and digests: nothing of a case, no tenant."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from imr_rules._version import __version__


class Metrics:
    """What one service counts, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "imr_rules_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "imr_rules_request_seconds",
            "Time from a request's first byte to its answer's last.",
            ["route"],
            buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
            registry=self.registry,
        )
        self.suggestions = Counter(
            "imr_rules_items", "Disputed items screened and stored.", ["suggestion"], registry=self.registry
        )
        self.signoffs = Counter(
            "imr_rules_signoffs", "Items signed off.", ["position"], registry=self.registry
        )
        self.faults = Counter(
            "imr_rules_problems",
            "Requests refused, by the code of the problem.",
            ["code"],
            registry=self.registry,
        )
        self.rulebook = Gauge(
            "imr_rules_rulebook_stale",
            "1 while the rulebook's files cannot be used and the one before answers.",
            registry=self.registry,
        )
        Gauge(
            "imr_rules_version_info", "The version, as a label.", ["version"], registry=self.registry
        ).labels(__version__).set(1)

    def text(self) -> bytes:
        """Return every metric in Prometheus' text format."""
        return generate_latest(self.registry)
