"""How many names one stream may hold, and what becomes of the rest: an attack must not push out what was declared."""

from __future__ import annotations

import pytest

from daybeat import privacy
from daybeat.policy import policy
from daybeatd.core.window import COUNTER, DROPPED, ERROR, OTHER, Window

RULES = privacy.Rules(policy("acme", declare=["feature.*", "cli.run", "latency.run"]), b"salt")


@pytest.fixture
def full() -> Window:
    """As many names as fit, counters, errors and distributions together."""
    window = Window("beat", 0.0)
    for i in range(privacy.MAX_KEYS - 2):
        window.count(COUNTER, f"feature.n{i}", 1, RULES)
    window.count(ERROR, "ValueError", 1)
    window.observe("latency.a", "ms", [1.0])
    assert window.numbers[DROPPED]["overflow"] == 0
    return window


def keys(window: Window) -> int:
    return len(window.numbers[COUNTER]) + len(window.numbers[ERROR]) + len(window.distributions)


def test_what_does_not_fit_is_counted_as_other_and_as_overflow(full: Window) -> None:
    for i in range(1000):
        full.count(COUNTER, f"feature.more{i}", 2, RULES)
        full.count(ERROR, f"Error{i}", 3)
        full.observe(f"latency.more{i}", "ms" if i % 2 else "By", [1.0, 2.0], RULES)
    assert full.numbers[COUNTER][OTHER] == 2000
    assert full.numbers[ERROR][OTHER] == 3000
    assert (full.distributions[OTHER].count, full.distributions[OTHER].unit) == (2000, "1")
    assert full.numbers[DROPPED]["overflow"] == 7000
    assert keys(full) == privacy.MAX_KEYS + 3


def test_known_names_go_on_when_it_is_full(full: Window) -> None:
    full.count(COUNTER, "feature.n0", 1, RULES)
    full.observe("latency.a", "ms", [2.0], RULES)
    assert full.numbers[COUNTER]["feature.n0"] == 2
    assert full.distributions["latency.a"].count == 2
    assert full.numbers[DROPPED]["overflow"] == 0


def test_a_name_declared_in_full_has_its_place(full: Window) -> None:
    full.count(COUNTER, "cli.run", 5, RULES)
    full.observe("latency.run", "ms", [1.0], RULES)
    full.observe("latency.run{user=0123456789abcdef}", "ms", [1.0], RULES)  # of those there may be any number
    assert full.numbers[COUNTER]["cli.run"] == 5
    assert full.distributions["latency.run"].count == 1
    assert full.numbers[DROPPED]["overflow"] == 1


def test_even_declared_names_have_an_end(full: Window) -> None:
    many = privacy.Rules(policy("acme", declare=[f"cli.n{i}" for i in range(512)]), b"")
    more = privacy.Rules(policy("acme", declare=[f"cli.m{i}" for i in range(512)]), b"")
    for i in range(512):
        full.count(COUNTER, f"cli.n{i}", 1, many)
        full.count(COUNTER, f"cli.m{i}", 1, more)
    assert keys(full) == 2 * privacy.MAX_KEYS + 1
    assert full.numbers[COUNTER][OTHER] == full.numbers[DROPPED]["overflow"] == 512


def test_a_merge_keeps_every_number_and_the_bound(full: Window) -> None:
    for round_ in range(4):
        other = Window("other", 0.0)
        for i in range(privacy.MAX_KEYS + 10):
            other.count(COUNTER, f"feature.r{round_}x{i}", 1, RULES)
        other.observe(f"latency.r{round_}", "ms", [1.0])
        full.merge(other)
    total = sum(full.numbers[COUNTER].values())
    assert total == privacy.MAX_KEYS - 2 + 4 * (privacy.MAX_KEYS + 10)
    assert sum(found.count for found in full.distributions.values()) == 5
    assert keys(full) <= privacy.MAX_KEYS + 3


def test_a_merge_keeps_a_place_for_names_declared_in_full(full: Window) -> None:
    """A heartbeat that was never sent is put back: it may neither grow the stream nor push out what was declared."""
    other = Window("other", 0.0)
    other.count(COUNTER, "feature.late", 3, RULES)
    other.count(COUNTER, "cli.run", 5, RULES)
    other.observe("latency.run", "ms", [1.0], RULES)
    full.merge(other, RULES)
    assert full.numbers[COUNTER]["cli.run"] == 5
    assert full.distributions["latency.run"].count == 1
    assert "feature.late" not in full.numbers[COUNTER]
    assert full.numbers[COUNTER][OTHER] == full.numbers[DROPPED]["overflow"] == 3


def test_even_a_merge_of_declared_names_has_an_end(full: Window) -> None:
    many = privacy.Rules(policy("acme", declare=[f"cli.n{i}" for i in range(512)]), b"")
    more = privacy.Rules(policy("acme", declare=[f"cli.m{i}" for i in range(512)]), b"")
    for prefix, rules in (("n", many), ("m", more)):
        other = Window("other", 0.0)
        for i in range(512):
            other.count(COUNTER, f"cli.{prefix}{i}", 1, rules)
        full.merge(other, rules)
    assert keys(full) == 2 * privacy.MAX_KEYS + 1
    assert full.numbers[COUNTER][OTHER] == full.numbers[DROPPED]["overflow"] == 512


def test_what_a_merged_window_had_counted_as_other_is_no_overflow_again(full: Window) -> None:
    other = Window("other", 0.0)
    for i in range(privacy.MAX_KEYS):
        other.count(COUNTER, f"feature.n{i}", 1, RULES)
    other.count(COUNTER, "feature.late", 4, RULES)
    full.merge(other, RULES)
    assert full.numbers[COUNTER][OTHER] == full.numbers[DROPPED]["overflow"] == 4 + 2


def test_a_merge_beyond_the_bound_adds_distributions_of_any_unit_to_the_rest(full: Window) -> None:
    crowd = Window("crowd", 0.0)
    for i in range(privacy.MAX_KEYS):
        crowd.count(COUNTER, f"feature.crowd{i}", 1, RULES)
    full.merge(crowd)
    late = Window("late", 0.0)
    late.observe("latency.late", "ms", [1.0, 2.0])
    full.merge(late)
    assert (full.distributions[OTHER].count, full.distributions[OTHER].unit) == (2, "1")
    assert full.numbers[DROPPED]["overflow"] == privacy.MAX_KEYS + 2


def test_a_name_that_looks_like_the_rest_is_just_added_to_it(full: Window) -> None:
    full.count(COUNTER, "feature.more", 2, RULES)
    full.count(COUNTER, OTHER, 3, RULES)
    assert full.numbers[COUNTER][OTHER] == 5
