"""What the daemon asks of its machine, of real directories."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from daybeatd import host
from daybeatd.core.schedule import DAY

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("ages", "expected"), [((), NOW + DAY), ((5.0,), NOW - 5 + DAY), ((5.0, 9.0, 2.0), NOW - 9 + DAY)]
)
def test_a_home_is_young_until_the_oldest_thing_in_it_is_a_day_old(
    tmp_path: Path, ages: tuple[float, ...], expected: float
) -> None:
    for number, age in enumerate(ages):
        (tmp_path / str(number)).touch()
        os.utime(tmp_path / str(number), (NOW, NOW - age))
    assert host.home_is_young_until(str(tmp_path), NOW) == expected


def test_a_home_that_is_not_there_is_not_young(tmp_path: Path) -> None:
    assert host.home_is_young_until(str(tmp_path / "none"), NOW) == 0.0
