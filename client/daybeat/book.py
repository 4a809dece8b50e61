"""What one process has counted for one policy and not yet handed over. Pure: no socket, no clock, no lock.

Handles are written by any thread, signal handler or finalizer at any moment, and never wait. Everything else in a
`Book` belongs to whoever holds the sender's lock.
"""

from __future__ import annotations

from . import wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .policy import Policy

#: Names and observations that are held while a daemon is away.
MAX_HELD_NAMES = 512
MAX_HELD_OBSERVATIONS = 4096
#: Observations that wait for a daemon that is there and reads slowly: half a MB.
MAX_WAITING_OBSERVATIONS = 16 * 1024
#: The same two limits for records, and one on their bytes in either case. Beyond them the oldest are lost.
MAX_HELD_RECORDS = 512
MAX_WAITING_RECORDS = 6 * 1024
MAX_HELD_RECORD_BYTES = 1024 * 1024
#: Bytes of records in one send: few enough that a unix socket takes all or none of it, a policy before them included.
RECORDS_AT_ONCE = 16 * 1024
#: Values waiting in one series at which the observing thread hands over by itself.
FULL = 4096

# Room in a frame of counts for the frame's own fields, and what an entry costs beside its name.
_OVERHEAD = 160
_ENTRY = 12

_KINDS = ("counts", "errors", "dropped")
_MAX_COUNT = wire.MAX_COUNT

Key = tuple[str, str, tuple[tuple[str, str], ...]]


class Counter:
    """A handle on one counter: `inc()` from anywhere, at any time; never raises, never blocks.

    `total` only grows, by whole additions that the interpreter does not interrupt; the sender reads it and keeps in
    `sent` how far it has come. So nothing is lost between a writer and a reader, and neither needs a lock.
    """

    __slots__ = ("armed", "book", "kind", "name", "sent", "total", "wake")

    def __init__(self, book: Book, kind: str, name: str, wake: Callable[[Counter], None]) -> None:
        self.book = book
        self.kind = kind
        self.name = name
        self.total = 0
        self.sent = 0
        # 1: the sender will look at this handle after now. 0: it will not.
        self.armed = 0
        self.wake = wake

    # As for `Telemetry`.

    def __copy__(self) -> Counter:
        return self

    def __deepcopy__(self, memo: object) -> Counter:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        is_read = bool(self.book.rule) and self.wake is not _nobody
        return self.book.counter_of, (self.book.policy, self.kind, self.name, is_read)

    def inc(self, n: int = 1) -> None:
        """Count `n` more, a whole number from 1 to 2**53; anything else is ignored."""
        # One comparison says that `n` is 1 and that the sender will look. One line, so that nothing runs between that
        # and the addition: no other thread, and no tracer of the host's, which would let one run.
        if n is self.armed: self.total += n  # noqa: E701
        elif type(n) is int and 0 < n <= _MAX_COUNT:
            self.total += n
            if not self.armed:
                self.wake(self)

    def take(self) -> int:
        """What was counted since the last take."""
        self.armed = 0  # first: who counts after this line wakes the sender again
        total = self.total
        new = total - self.sent
        self.sent = total
        return new

    def hand_over(self) -> None:
        """Into the book, by whoever holds the sender's lock: all of it or, where that raises, nothing."""
        new = self.take()
        try:
            self.put_back(new)
        except BaseException:  # a signal handler's or the end of memory: put back, and raised on
            self.sent -= new
            raise

    def put_back(self, n: int) -> None:
        if n:
            self.book.add(self.kind, self.name, n)

    def forget(self) -> None:
        self.take()


class Series:
    """A handle on one distribution, under one unit and the same tags. The rules are those of `Counter`."""

    __slots__ = ("armed", "book", "key", "values", "wake")

    def __init__(self, book: Book, key: Key, wake: Callable[[Series], None]) -> None:
        self.book = book
        self.key = key
        self.values: list[float] = []
        self.armed = 0
        self.wake = wake

    def add(self, value: float) -> None:
        values = self.values
        try:
            values.append(value)
        except MemoryError:
            return
        if not self.armed or len(values) >= FULL:
            self.wake(self)

    def hand_over(self) -> None:
        """Into the book, by whoever holds the sender's lock."""
        self.armed = 0
        found = self.values[:]
        n = len(found)
        try:
            del self.values[:n]
            self.book.observe(self.key, found)
        except BaseException:  # as in `Counter.hand_over`
            self.values[:0] = found
            raise

    def forget(self) -> None:
        self.armed = 0
        self.values.clear()


if TYPE_CHECKING:
    from .note import Note

    Handle = Counter | Series | Note


class Batch:
    """Numbers on their way in one frame: taken out of a book, to be put back if they can't be handed over."""

    __slots__ = ("_book", "numbers", "observed", "records")

    def __init__(self, book: Book) -> None:
        self._book = book
        self.numbers: dict[str, dict[str, int]] = {}
        self.observed: list[tuple[Key, list[float]]] = []
        self.records: list[bytes] = []

    def put_back(self) -> None:
        self._book.records[:0] = self.records
        for kind, numbers in self.numbers.items():
            for name, n in numbers.items():
                self._book.add(kind, name, n)
        for key, values in self.observed:
            self._book.observe(key, values)

    def frames(self, nonce: bytes) -> list[bytes]:
        book = self._book
        frames = [wire.record_frame(book.product, book.digest, nonce, packed) for packed in self.records]
        if self.observed or any(self.numbers.values()):
            frames.append(self.frame(nonce))
        return frames

    def frame(self, nonce: bytes) -> bytes:
        """The frame of the numbers."""
        payload: dict[str, Any] = {kind: numbers for kind, numbers in self.numbers.items() if numbers}
        if self.observed:
            payload["observed"] = [[name, unit, dict(tags), values] for (name, unit, tags), values in self.observed]
        book = self._book
        return wire.encode_parts(wire.COUNTS, book.product, book.digest, nonce, payload)


class Book:
    """The pending numbers of one policy, under the kind of rule of consent by which they are reported."""

    def __init__(self, policy: Policy, rule: str) -> None:
        self.policy = policy
        self.product = policy.product
        self.rule = rule
        # Makes of a pickled handle another process's own.
        self.counter_of: Callable[[Policy, str, str, bool], Counter] | None = None
        # How many open `Telemetry` have it.
        self.users = 0
        self.digest = b""
        self._packed_policy = b""
        self.counters: dict[tuple[str, str], Counter] = {}
        self.series: dict[Key, Series] = {}
        self.numbers: dict[str, dict[str, int]] = {kind: {} for kind in _KINDS}
        self.observed: dict[Key, list[float]] = {}
        self.records: list[bytes] = []
        # True: the policy is to be sent although nothing was counted.
        self.greeting = False
        # What this product says of itself, beside the facts of every process.
        self.facts: dict[str, Any] = {}
        # On which connection the policy was sent last.
        self.introduced_on = 0

    def packed_policy(self) -> bytes:
        """The policy; from then on `digest` is known. Not before it is needed: msgpack costs 5 ms to import."""
        if not self.digest:
            self._packed_policy = wire.pack_policy(self.policy, self.rule)
            self.digest = wire.digest_of(self._packed_policy)
        return self._packed_policy

    @property
    def pending(self) -> bool:
        return bool(self.greeting or self.observed or self.records or any(self.numbers.values()))

    def add(self, kind: str, name: str, n: int) -> None:
        numbers = self.numbers[kind]
        total = numbers.get(name, 0) + n
        numbers[name] = min(total, _MAX_COUNT)
        if total > _MAX_COUNT and kind != "dropped":
            self.add("dropped", "overflow", total - _MAX_COUNT)

    def observe(self, key: Key, values: list[float]) -> None:
        if values:
            held = self.observed.setdefault(key, [])
            held += values  # no call: nothing can raise when it is done

    def note(self, packed: bytes) -> None:
        """Add a record."""
        self.records.append(packed)

    def give_up_records(self) -> None:
        """Count the records that wait as lost."""
        if self.records:
            self.add("dropped", "lost", len(self.records))
            self.records.clear()

    def discard(self) -> None:
        """Forget what is pending."""
        self.greeting = False
        self.records.clear()
        self.observed.clear()
        for numbers in self.numbers.values():
            numbers.clear()

    def forget(self, ours: Handle | None = None) -> None:
        """Forget all that was counted so far, as a forked child must: it is its parent's to send, but for `ours`."""
        self.discard()
        self.introduced_on = 0
        handles: list[Counter | Series] = [*self.counters.values(), *self.series.values()]
        for handle in handles:
            if handle is not ours:
                handle.forget()

    def retire(self) -> None:
        """Let go of the handles: what they count from now on is nobody's."""
        handles: list[Counter | Series] = [*self.counters.values(), *self.series.values()]
        for handle in handles:
            handle.wake = _nobody
        self.counters.clear()
        self.series.clear()

    def bound(self, observations: int = MAX_HELD_OBSERVATIONS, records: int = MAX_HELD_RECORDS) -> None:
        """Keep within what may be held; what goes is counted as lost."""
        for kind in ("counts", "errors"):
            numbers = self.numbers[kind]
            while len(numbers) > MAX_HELD_NAMES:
                self.add("dropped", "lost", numbers.popitem()[1])
        self._bound_records(records)
        room = observations
        for key, values in list(self.observed.items()):
            if len(values) > room:
                self.add("dropped", "lost", len(values) - room)
                del values[room:]
            room -= len(values)
            if not values:
                del self.observed[key]

    def _bound_records(self, most: int) -> None:
        room, kept = MAX_HELD_RECORD_BYTES, 0
        for packed in reversed(self.records):
            room -= len(packed)
            if room < 0 or kept == most:
                break
            kept += 1
        if kept < len(self.records):
            self.add("dropped", "lost", len(self.records) - kept)
            del self.records[: len(self.records) - kept]

    def _take_records(self) -> list[bytes]:
        """The oldest, as many as may go at once, and one at least."""
        room, n = RECORDS_AT_ONCE, 0
        for packed in self.records:
            room -= len(packed)
            if room < 0 and n:
                break
            n += 1
        taken = self.records[:n]
        del self.records[:n]
        return taken

    def take(self, taken: list[Batch]) -> Batch:
        """As much as fits into one frame, or some records. Every name is short enough for at least one to fit.

        It is added to `taken` before anything is in it: whoever has that list puts it back where this raises.
        """
        batch = Batch(self)
        taken.append(batch)
        self._fill(batch)
        return batch

    def _fill(self, batch: Batch) -> None:
        # Between the two lines that move a number there is no call: a signal handler could raise in it.
        if self.records:
            batch.records = self._take_records()
            return
        batch.numbers["dropped"], self.numbers["dropped"] = self.numbers["dropped"], {}
        room, entries = wire.MAX_COUNTS_FRAME - _OVERHEAD, wire.MAX_ENTRIES
        for kind in ("counts", "errors"):
            numbers = self.numbers[kind]
            taken = batch.numbers[kind] = {}
            while numbers and entries:
                name = next(reversed(numbers))
                room -= len(name) + _ENTRY
                if room < 0:
                    return
                entries -= 1
                taken[name] = numbers[name]
                del numbers[name]
        while self.observed and entries:
            key = next(iter(self.observed))  # in their order: of two units of one name the daemon keeps the first
            values = self.observed[key]
            if _cost(key) + _ENTRY > wire.MAX_COUNTS_FRAME - _OVERHEAD:
                self.add("dropped", "undeclared", len(values))  # no frame is large enough for so many tags
                del self.observed[key]
                continue
            room -= _cost(key)
            fit = min(len(values), entries, max(0, room // _ENTRY))
            if fit:
                # From the end, in time that does not depend on how many there are.
                batch.observed += [(key, values[-fit:])]
                del values[-fit:]
                entries -= fit
                room -= fit * _ENTRY
            if values:
                return
            del self.observed[key]


def _nobody(_: object) -> None:
    pass


def _cost(key: Key) -> int:
    name, unit, tags = key
    return _ENTRY + len(name) + len(unit) + sum(len(tag) + len(value) + _ENTRY for tag, value in tags)
