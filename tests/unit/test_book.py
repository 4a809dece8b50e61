"""What one process holds: handles that never wait, and numbers that are neither lost nor counted twice."""

from __future__ import annotations

import pytest

from daybeat import wire
from daybeat.book import FULL, MAX_HELD_NAMES, MAX_HELD_OBSERVATIONS, Batch, Book, Counter, Key, Series
from daybeat.consent import DEFAULT
from daybeat.policy import MAX_NAME, MAX_TAGS, policy

NONCE = b"n" * 8
PLAIN: Key = ("latency.x", "ms", ())


@pytest.fixture
def book() -> Book:
    made = Book(policy("acme"), DEFAULT)
    made.packed_policy()
    return made


class Woken:
    """The sender, as far as handles know it."""

    def __init__(self) -> None:
        self.calls: list[Counter | Series] = []

    def __call__(self, handle: Counter | Series) -> None:
        self.calls.append(handle)
        handle.armed = 1


def drained(book: Book, most: int = 1000) -> list[wire.Counts]:
    """All frames that the book gives until nothing is pending, read as the daemon reads them."""
    found = []
    while book.pending:
        payload = wire.decode(book.take([]).frame(NONCE)).payload
        assert isinstance(payload, wire.Counts)
        found.append(payload)
        assert len(found) <= most, "the book is never empty"
    return found


def total(frames: list[wire.Counts], kind: str) -> dict[str, int]:
    added: dict[str, int] = {}
    for frame in frames:
        for name, n in getattr(frame, kind).items():
            added[name] = added.get(name, 0) + n
    return added


def values(frames: list[wire.Counts]) -> list[float]:
    return sorted(value for frame in frames for observed in frame.observed for value in observed.values)


def test_a_counter_counts_and_wakes_once_until_it_is_taken(book: Book) -> None:
    woken = Woken()
    counter = Counter(book, "counts", "cli.run", woken)
    for n in (1, 5, 2**53):
        counter.inc(n)
    counter.inc()
    assert woken.calls == [counter]
    assert counter.take() == 7 + 2**53
    assert counter.take() == 0
    counter.inc()
    assert woken.calls == [counter, counter]


@pytest.mark.parametrize("n", [0, -1, 2**53 + 1, 1.0, "1", None, True, False, [], float("nan")])
def test_what_is_no_count_is_ignored(book: Book, n: object) -> None:
    woken = Woken()
    counter = Counter(book, "counts", "cli.run", woken)
    counter.inc(n)  # type: ignore[arg-type]
    assert (counter.take(), woken.calls) == (0, [])


def test_a_series_gathers_and_wakes_again_when_it_is_full(book: Book) -> None:
    woken = Woken()
    series = Series(book, PLAIN, woken)
    for n in range(FULL - 1):
        series.add(float(n))
    assert woken.calls == [series]
    series.add(0.0)
    assert woken.calls == [series, series]
    series.hand_over()
    assert len(book.observed[PLAIN]) == FULL
    assert series.values == []


def test_handles_hand_over_into_the_book(book: Book) -> None:
    counter, series = Counter(book, "errors", "ValueError", Woken()), Series(book, PLAIN, Woken())
    counter.inc(3)
    series.add(1.5)
    for _ in range(2):
        counter.hand_over()
        series.hand_over()
    (frame,) = drained(book)
    assert frame.errors == {"ValueError": 3}
    assert values([frame]) == [1.5]


def test_nothing_is_pending_in_an_empty_book(book: Book) -> None:
    assert not book.pending
    book.observe(PLAIN, [])
    assert not book.pending


def test_frames_are_full_and_no_fuller(book: Book) -> None:
    for n in range(500):
        book.add("counts", f"feature.name{n}", n + 1)
    frames = drained(book)
    assert total(frames, "counts") == {f"feature.name{n}": n + 1 for n in range(500)}
    assert len(frames) == -(-500 // wire.MAX_ENTRIES)


def test_the_longest_names_and_numbers_fit(book: Book) -> None:
    names = [f"{n:03}".ljust(MAX_NAME, "x") for n in range(30)]
    for name in names:
        book.add("counts", name, 2**53)
        book.add("errors", name, 2**53)
        book.observe((name, name, ()), [1e300, -1e300])
    frames = drained(book)
    assert total(frames, "counts") == total(frames, "errors") == dict.fromkeys(names, 2**53)
    assert len(values(frames)) == 60


def test_one_series_of_many_values_goes_in_many_frames(book: Book) -> None:
    book.observe(PLAIN, [float(n) for n in range(1000)])
    frames = drained(book)
    assert values(frames) == [float(n) for n in range(1000)]
    assert all(len(frame.observed[0].values) <= wire.MAX_ENTRIES for frame in frames)


@pytest.mark.parametrize("length", [1, 64, 200, MAX_NAME])
def test_a_series_with_too_many_tags_for_any_frame_does_not_stay_for_ever(book: Book, length: int) -> None:
    """The sender hands over until nothing is pending: one observation that never fits would hold its host for good."""
    tags = tuple((f"{n:02}".ljust(length, "k")[: max(2, length)], "v" * length) for n in range(MAX_TAGS))
    book.observe(("latency.x", "ms", tags), [1.0, 2.0])
    book.add("counts", "cli.run", 1)
    frames = drained(book, most=5)
    assert total(frames, "counts") == {"cli.run": 1}
    assert len(values(frames)) + sum(total(frames, "dropped").values()) == 2


def test_where_memory_ends_nothing_is_taken(book: Book) -> None:
    class Full(list[Batch]):
        def append(self, batch: Batch) -> None:
            raise MemoryError

    book.add("counts", "cli.run", 3)
    with pytest.raises(MemoryError):
        book.take(Full())
    assert total(drained(book), "counts") == {"cli.run": 3}


def test_what_could_not_be_handed_over_is_put_back(book: Book) -> None:
    book.add("counts", "cli.run", 3)
    book.add("errors", "ValueError", 1)
    book.add("dropped", "unsafe", 2)
    book.observe(PLAIN, [1.0, 2.0])
    batch = book.take([])
    assert not book.pending
    book.add("counts", "cli.run", 4)
    book.observe(PLAIN, [3.0])
    batch.put_back()
    frames = drained(book)
    assert total(frames, "counts") == {"cli.run": 7}
    assert total(frames, "errors") == {"ValueError": 1}
    assert total(frames, "dropped") == {"unsafe": 2}
    assert values(frames) == [1.0, 2.0, 3.0]


def test_what_is_held_is_bounded_and_what_goes_is_counted(book: Book) -> None:
    for n in range(MAX_HELD_NAMES + 50):
        book.add("counts", f"c{n}", 2)
        book.add("errors", f"E{n}", 3)
    for n in range(10):
        book.observe((f"d{n}", "ms", ()), [float(n)] * 1000)
    book.bound()
    lost = 50 * 2 + 50 * 3 + 10_000 - MAX_HELD_OBSERVATIONS
    assert book.numbers["dropped"] == {"lost": lost}
    assert len(book.numbers["counts"]) == len(book.numbers["errors"]) == MAX_HELD_NAMES
    frames = drained(book)
    assert len(values(frames)) == MAX_HELD_OBSERVATIONS
    assert total(frames, "dropped") == {"lost": lost}


def test_what_is_within_the_bound_stays(book: Book) -> None:
    book.add("counts", "cli.run", 1)
    book.observe(PLAIN, [1.0])
    book.bound()
    assert book.numbers["dropped"] == {}
    assert book.observed == {PLAIN: [1.0]}


def test_a_number_stays_what_the_wire_can_carry(book: Book) -> None:
    for _ in range(3):
        book.add("counts", "cli.run", 2**53)
    frames = drained(book)
    assert total(frames, "counts") == {"cli.run": 2**53}
    assert total(frames, "dropped") == {"overflow": 2**53}


def test_a_forked_child_forgets_what_its_parent_will_send(book: Book) -> None:
    counter, series = Counter(book, "counts", "cli.run", Woken()), Series(book, PLAIN, Woken())
    book.counters["counts", "cli.run"], book.series[PLAIN] = counter, series
    counter.inc(3)
    series.add(1.0)
    book.add("counts", "feature.search", 1)
    book.introduced_on = 4
    book.forget()
    counter.hand_over()
    series.hand_over()
    assert not book.pending
    assert book.introduced_on == 0
    counter.inc()
    counter.hand_over()
    assert total(drained(book), "counts") == {"cli.run": 1}


def test_series_are_handed_over_in_the_order_of_their_first_values() -> None:
    """The daemon keeps a distribution's first unit: it must be the one that the host gave first."""
    book = Book(policy("acme"), DEFAULT)
    for unit in ("ms", "s", "By"):
        book.observe(("latency.search", unit, ()), [1.0])
    assert [key[1] for key, _ in book.take([]).observed] == ["ms", "s", "By"]
