"""A container's share of the processors is respected."""

import os
from pathlib import Path

import pytest

from knowledge.cores import MOST, usable

FREE = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("quota", "allowed"),
    [
        ("100000 100000\n", 1),
        ("50000 100000\n", 1),
        ("150000 100000\n", 2),
        ("max 100000\n", MOST),
        ("", MOST),
        ("1 0", MOST),
    ],
)
def test_the_quota_of_a_container_counts(tmp_path: Path, quota: str, allowed: int):
    file = tmp_path / "cpu.max"
    file.write_text(quota)
    assert usable(file) == min(FREE, allowed)


def test_without_a_quota_the_affinity_decides(tmp_path: Path):
    assert usable(tmp_path / "none") == min(FREE, MOST)
