"""What is promised of a distribution, for any data."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Any

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daybeatd.core.distribution import MAX_BUCKETS, MAX_SCALE, Distribution

bounded = settings(deadline=None, max_examples=80)
finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300)
anything = st.lists(
    st.one_of(
        finite, st.integers(-1074, 1000).map(lambda n: 2.0**n), st.sampled_from([0.0, -0.0, 5e-324, 1e300, -1e300])
    ),
    max_size=300,
)
QUANTILES = (Fraction(1, 2), Fraction(9, 10), Fraction(99, 100))


def of(values: list[float]) -> Distribution:
    made = Distribution("ms")
    for value in values:
        made.add(value)
    return made


def nearest_rank(values: list[float], q: Fraction) -> float:
    return sorted(values)[max(1, ceil(q * len(values))) - 1]


def shape(found: Distribution) -> dict[str, Any]:
    """Everything but the sum, which depends on the order of its additions."""
    return {name: part for name, part in found.to_map().items() if name != "total"}


@st.composite
def within_320_buckets(draw: st.DrawFn) -> list[float]:
    """Positive values of five octaves: 320 buckets of scale 6."""
    base = draw(st.floats(1e-9, 1e12))
    return draw(st.lists(st.floats(base, base * 31.9), min_size=1, max_size=400))


@bounded
@given(within_320_buckets())
def test_a_quantile_is_within_one_per_cent(values: list[float]) -> None:
    found = of(values)
    assert found.scale == MAX_SCALE
    for q in QUANTILES:
        assert found.quantiles(float(q))[0] == pytest.approx(nearest_rank(values, q), rel=0.01)


@bounded
@given(within_320_buckets(), st.integers(0, 5))
def test_it_is_also_with_zeros_and_negatives(values: list[float], zeros: int) -> None:
    values = values[: len(values) // 2] + [-value for value in values[: MAX_BUCKETS // 2]] + [0.0] * zeros
    found = of(values)
    for q in QUANTILES:
        allowed = 0.01 if found.scale == MAX_SCALE else 0.012
        assert found.quantiles(float(q))[0] == pytest.approx(nearest_rank(values, q) if values else 0, rel=allowed)


@bounded
@given(anything)
def test_coarser_scales_err_as_the_document_says(values: list[float]) -> None:
    """Half a bucket: 2 ** (2 ** -scale / 2), where neither end lies beyond what a float can hold."""
    found = of(values)
    factor = 2.0 ** min(2.0**-found.scale / 2, 1000.0) * (1 + 1e-9)
    for q in QUANTILES if values else ():
        exact, told = nearest_rank(values, q), found.quantiles(float(q))[0]
        assert (told > 0) == (exact > 0) or abs(exact) < 1e-300
        assert (told < 0) == (exact < 0) or abs(exact) < 1e-300
        if abs(exact) > 1e-300:
            assert 1 / factor <= told / exact <= factor


@bounded
@given(anything)
def test_no_data_needs_more_than_320_buckets(values: list[float]) -> None:
    found = of(values)
    assert len(found.positive) + len(found.negative) <= MAX_BUCKETS
    assert sum(found.positive.values()) + sum(found.negative.values()) + found.zero == found.count == len(values)
    if values:
        assert (found.minimum, found.maximum) == (min(values), max(values))


@bounded
@given(anything, anything, anything)
def test_merging_is_observing_all(first: list[float], second: list[float], third: list[float]) -> None:
    merged = of(first)
    merged.merge(of(second))
    merged.merge(of(third))
    assert shape(merged) == shape(of(first + second + third))
    assert merged.total == pytest.approx(sum(first) + sum(second) + sum(third), rel=1e-9, abs=1e288)


@bounded
@given(anything, anything)
def test_the_order_of_merging_is_all_one(first: list[float], second: list[float]) -> None:
    one, other = of(first), of(second)
    one.merge(of(second))
    other.merge(of(first))
    assert shape(one) == shape(other)


@bounded
@given(anything)
def test_quantiles_ascend_and_stay_between_the_ends(values: list[float]) -> None:
    found = of(values)
    told = [found.quantiles(n / 20)[0] for n in range(21)]
    assert told == sorted(told)
    assert all(found.minimum <= each <= found.maximum for each in told)


@bounded
@given(anything)
def test_it_comes_back_from_its_map(values: list[float]) -> None:
    found = of(values)
    again = Distribution.from_map(msgpack.unpackb(msgpack.packb(found.to_map()), strict_map_key=False))
    assert again.to_map() == found.to_map()
    again.add(1.0)
    found.add(1.0)
    assert again.to_map() == found.to_map()
