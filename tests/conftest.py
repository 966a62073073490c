"""What the tests share."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import hypothesis
import pytest

from imr_rules import Case, Rulebook
from tests.paths import SEED


def pytest_collection_finish() -> None:
    """What was collected stays to the end: looking through it for garbage, again and again, finds none.

    Nor is there much among what tests make, and little of it is kept: it is looked through less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache of rulebooks of the tests' own, so that they leave the user's alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMR_RULES_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The shipped rulebook, loaded once."""
    return Rulebook.load()


@pytest.fixture(scope="session")
def seed() -> Case:
    """The mission's real determination."""
    return Case.from_file(SEED)


# On a build machine the same examples are tried each time; at a desk new ones are.
# No example has a deadline: how long one takes says more of the machine than of the code.
hypothesis.settings.register_profile("build", derandomize=True, deadline=None)
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.load_profile("build" if os.environ.get("CI") else "desk")
