"""What a stream may gather: names, numbers, units and processes within bounds."""

from __future__ import annotations

import pytest

from daybeat.privacy import MAX_KEYS
from daybeat.wire import MAX_COUNT, REASONS
from daybeatd.core import window as windows
from daybeatd.core.window import COUNTER, DROPPED, ERROR, OTHER, Window


def dropped(window: Window) -> dict[str, int]:
    return {reason: n for reason, n in window.numbers[DROPPED].items() if n}


def names(window: Window) -> int:
    return len(window.numbers[COUNTER]) + len(window.numbers[ERROR]) + len(window.distributions)


def full() -> Window:
    window = Window("beat", 0.0)
    for n in range(MAX_KEYS):
        window.count(COUNTER, f"c{n}", 1)
    return window


def test_a_new_window_has_a_zero_for_every_reason_and_nothing_else() -> None:
    window = Window("beat", 5.0)
    assert window.numbers == {COUNTER: {}, ERROR: {}, DROPPED: dict.fromkeys(REASONS, 0)}
    assert (window.seen, window.processes, window.peak, window.weight) == (False, 0, 0, 0)


def test_counts_add_up() -> None:
    window = Window("beat", 0.0)
    window.count(COUNTER, "a", 2)
    window.count(COUNTER, "a", 3)
    window.count(ERROR, "a", 7)
    assert window.numbers[COUNTER] == {"a": 5}
    assert window.numbers[ERROR] == {"a": 7}
    assert window.weight == 12


def test_a_count_stays_exact_in_json_and_what_is_above_is_told() -> None:
    window, other = Window("beat", 0.0), Window("other", 0.0)
    for _ in range(3):
        window.drop("lost", MAX_COUNT)
    window.count(COUNTER, "a", MAX_COUNT)
    window.count(COUNTER, "a", 3)
    other.count(COUNTER, "a", 4)
    window.merge(other)
    assert window.numbers[COUNTER]["a"] == MAX_COUNT
    assert window.numbers[DROPPED]["lost"] == MAX_COUNT
    assert window.numbers[DROPPED]["overflow"] == 7


def test_names_beyond_the_bound_are_counted_together_and_told() -> None:
    window = full()
    window.count(COUNTER, "late", 5)
    window.count(COUNTER, "later", 2)
    window.count(COUNTER, "c0", 1)
    assert window.numbers[COUNTER][OTHER] == 7
    assert window.numbers[COUNTER]["c0"] == 2
    assert dropped(window) == {"overflow": 7}


def test_errors_and_distributions_beyond_the_bound_too() -> None:
    window = full()
    window.count(ERROR, "ValueError", 3)
    window.observe("latency.a", "ms", [1.0, 2.0])
    window.observe("latency.b", "ms", [3.0])
    assert window.numbers[ERROR] == {OTHER: 3}
    assert window.distributions[OTHER].count == 3
    assert dropped(window) == {"overflow": 6}
    assert names(window) <= MAX_KEYS + 3


def test_the_bound_is_for_all_kinds_together() -> None:
    window = Window("beat", 0.0)
    for n in range(2 * MAX_KEYS):
        window.count(COUNTER, f"c{n}", 1)
        window.count(ERROR, f"E{n}", 1)
        window.observe(f"d{n}", "ms", [1.0])
    assert names(window) <= MAX_KEYS + 3
    assert window.weight == 6 * MAX_KEYS


def test_a_distribution_keeps_its_first_unit() -> None:
    window = Window("beat", 0.0)
    window.observe("latency.a", "ms", [1.0])
    window.observe("latency.a", "By", [1.0, 2.0, 3.0])
    assert window.distributions["latency.a"].unit == "ms"
    assert window.distributions["latency.a"].count == 1
    assert dropped(window) == {"undeclared": 3}


def test_what_is_added_up_from_several_names_claims_no_unit_of_one() -> None:
    """Milliseconds and bytes under one name are neither."""
    window = full()
    window.observe("latency.a", "ms", [1.0])
    window.observe("size.b", "By", [1e6])
    assert window.distributions[OTHER].unit == "1"


def test_a_process_is_counted_once() -> None:
    window = Window("beat", 0.0)
    for nonce in (b"a", b"b", b"a", b"a"):
        window.note_process(nonce)
    assert (window.processes, window.seen) == (2, True)


def test_the_peak_is_the_highest() -> None:
    window = Window("beat", 0.0)
    for live in (1, 5, 3):
        window.note_peak(live)
    assert window.peak == 5


def test_processes_remembered_are_bounded_but_all_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "MAX_PROCESSES", 10)
    window = Window("beat", 0.0)
    for n in range(100):
        window.note_process(n.to_bytes(8, "big"))
    assert window.processes == 100
    assert len(window.members) <= 10


def test_a_merged_window_is_both() -> None:
    one, other = Window("beat 1", 50.0), Window("beat 2", 10.0)
    one.count(COUNTER, "a", 1)
    other.count(COUNTER, "a", 2)
    other.count(ERROR, "E", 3)
    other.drop("undeclared", 4)
    one.observe("d", "ms", [1.0])
    other.observe("d", "ms", [3.0])
    one.note_process(b"1")
    other.note_process(b"1")
    other.note_process(b"2")
    one.note_peak(1)
    other.note_peak(2)
    one.merge(other)
    assert (one.beat_id, one.start, one.processes, one.peak) == ("beat 1", 10.0, 2, 2)
    assert one.numbers[COUNTER] == {"a": 3}
    assert one.numbers[ERROR] == {"E": 3}
    assert dropped(one) == {"undeclared": 4}
    assert (one.distributions["d"].count, one.distributions["d"].total) == (2, 4.0)


def test_a_distribution_taken_in_is_a_copy() -> None:
    one, other = Window("beat 1", 0.0), Window("beat 2", 0.0)
    other.observe("d", "ms", [1.0])
    one.merge(other)
    one.observe("d", "ms", [2.0])
    assert other.distributions["d"].count == 1


def test_merging_keeps_the_bounds_and_loses_no_number() -> None:
    """Fourteen days offline, each with other names."""
    one = Window("beat", 0.0)
    for day in range(14):
        other = Window(f"beat {day}", 0.0)
        for n in range(200):
            other.count(COUNTER, f"c{day}.{n}", 1)
            other.observe(f"d{day}.{n}", "ms", [1.0])
        one.merge(other)
    assert names(one) <= MAX_KEYS + 3
    assert one.weight == 14 * 400


def test_merging_remembers_a_bounded_number_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "MAX_PROCESSES", 10)
    one = Window("beat", 0.0)
    for day in range(10):
        other = Window(f"beat {day}", 0.0)
        for n in range(10):
            other.note_process(bytes((day, n)))
        one.merge(other)
    assert one.processes == 100
    assert len(one.members) <= 10


def test_a_window_comes_back_from_its_map() -> None:
    window = full()
    window.observe("d", "ms", [1.0, -2.0, 0.0])
    window.note_process(b"1")
    window.note_peak(3)
    again = Window.from_map(window.to_map())
    assert again.to_map() == window.to_map()
    assert again.weight == window.weight


def test_what_changed_is_known() -> None:
    window = Window("beat", 0.0)
    assert window.is_dirty
    window.changed = False
    assert not window.is_dirty
    window.count(COUNTER, "a", 1)
    assert window.changed_numbers == {(COUNTER, "a")}
    window.observe("d", "ms", [1.0])
    assert window.changed_distributions == {"d"}
    window.note_process(b"1")
    assert window.changed_members == {b"1"}
    assert window.is_dirty
