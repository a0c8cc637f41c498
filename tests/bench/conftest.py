"""One small benchmark, run once: a few clips, signals alone, two workers."""

import pytest

from acav1m import plan
from acav1m.bench.curation import Asked, curation

RECIPE = {
    "name": "signals",
    "version": "0.1.0",
    "about": "What the signal alone tells.",
    "license": "CC0-1.0",
    "sources": {"synthetic": {"clips": 4}},
    "cut": {"seconds": 5, "min_s": 2},
    "measures": {"silent_share": {}, "clipped_share": {}, "still": {}},
    "filters": {
        "silence": {"max_share": 0.9},
        "frozen": {"max_share": 0.9},
        "where": {"keep_if": "planted_defect is null"},
    },
}


@pytest.fixture(scope="session")
def signals():
    return plan.resolve(RECIPE)


@pytest.fixture(scope="session")
def report(signals, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    return curation(signals, Asked(seed=5, count=4), folder, workers=2)
