"""The histogram at its corners; `property/test_distribution_error` holds its promise for any data."""

from __future__ import annotations

import pytest

from daybeatd.core.distribution import MAX_BUCKETS, MAX_SCALE, Distribution
from daybeatd.core.heartbeat import summary


def of(*values: float) -> Distribution:
    made = Distribution("ms")
    for value in values:
        made.add(value)
    return made


def buckets(found: Distribution) -> int:
    return len(found.positive) + len(found.negative)


def test_an_empty_one() -> None:
    found = of()
    assert (found.count, found.total, found.quantiles(0.5)[0]) == (0, 0.0, 0.0)


@pytest.mark.parametrize("value", [0.0, 1.0, -1.0, 12.5, 5e-324, 1e300, -1e300, 1e15, 2.0**-1022])
def test_one_value_is_every_quantile_of_itself(value: float) -> None:
    found = of(value)
    assert [found.quantiles(q)[0] for q in (0.0, 0.5, 0.99, 1.0)] == [value] * 4
    assert (found.minimum, found.maximum, found.count) == (value, value, 1)


def test_zeros_are_counted_apart() -> None:
    found = of(0.0, -0.0, 0.0, 5.0)
    assert (found.zero, buckets(found), found.quantiles(0.5)[0]) == (3, 1, 0.0)


def test_the_ranks_are_nearest_ranks() -> None:
    found = of(*map(float, range(1, 101)))
    assert found.quantiles(0.5)[0] == pytest.approx(50, rel=0.01)
    assert found.quantiles(0.9)[0] == pytest.approx(90, rel=0.01)
    assert found.quantiles(0.99)[0] == pytest.approx(99, rel=0.01)
    assert found.quantiles(1.0)[0] == pytest.approx(100, rel=0.01)


def test_negatives_are_below_zero_and_zero_below_positives() -> None:
    found = of(-100.0, -10.0, -1.0, 0.0, 1.0, 10.0, 100.0)
    ordered = [found.quantiles(n / 7)[0] for n in range(1, 8)]
    assert ordered == pytest.approx([-100, -10, -1, 0, 1, 10, 100], rel=0.01)


@pytest.mark.parametrize("exponent", [-1074, -1022, -1, 0, 1, 52, 1023])
def test_a_power_of_two_is_the_upper_end_of_its_bucket(exponent: int) -> None:
    (index,) = of(2.0**exponent).positive
    assert index == (exponent << MAX_SCALE) - 1


def test_every_octave_that_floats_have_fits() -> None:
    """2,098 octaves, on both sides: the scale goes below zero."""
    found = of(*(sign * 2.0**exponent for exponent in range(-1074, 1024) for sign in (1, -1)))
    assert found.count == 2 * 2098
    assert buckets(found) <= MAX_BUCKETS
    assert found.scale < 0
    assert found.quantiles(1.0)[0] <= 2.0**1023
    assert -(2.0**1023) <= found.quantiles(0.0)[0] < 0


def test_the_scale_is_lowered_only_when_it_must_be() -> None:
    values = [2.0 ** ((index + 0.5) / 64) for index in range(MAX_BUCKETS)]
    full = of(*values)
    assert (full.scale, buckets(full)) == (MAX_SCALE, MAX_BUCKETS)
    full.add(2.0 ** ((MAX_BUCKETS + 0.5) / 64))
    assert full.scale == MAX_SCALE - 1
    assert full.count == MAX_BUCKETS + 1


def test_merging_nothing_changes_nothing() -> None:
    found = of(1.0, 2.0)
    before = found.to_map()
    found.merge(of())
    assert found.to_map() == before


def test_merging_into_an_empty_one_takes_the_ends() -> None:
    found = of()
    found.merge(of(-3.0, -2.0))
    assert (found.minimum, found.maximum, found.count, found.total) == (-3.0, -2.0, 2, -5.0)


def test_the_other_stays_as_it_was() -> None:
    coarse, fine = of(*(2.0**n for n in range(-500, 500))), of(3.0)
    before = fine.to_map()
    coarse.merge(fine)
    assert fine.to_map() == before


def test_the_summary_reads_as_people_wrote_it() -> None:
    found = summary(of(0.1, 0.2, 0.3))
    assert found["sum"] == 0.6
    assert list(found) == ["unit", "count", "sum", "min", "max", "p50", "p90", "p99"]
    assert (found["unit"], found["count"], found["min"], found["max"]) == ("ms", 3, 0.1, 0.3)
