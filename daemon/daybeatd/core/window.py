"""What one stream has gathered since its last heartbeat. Pure.

A window knows what was changed since it was last saved, so that a save writes only that.
"""

from __future__ import annotations

from typing import Any

from daybeat import privacy
from daybeat.wire import MAX_COUNT, REASONS
from daybeatd.core.distribution import FEW_BUCKETS, MAX_BUCKETS, Distribution

OTHER = "__other__"

COUNTER = "counter"
ERROR = "error"
DROPPED = "dropped"

#: Nonces remembered so that no process is counted twice in a window.
MAX_PROCESSES = 65_536

#: Bytes of memory that a name with its number, and a nonce, take, as measured on CPython 3.11.
_NAME = 320
_MEMBER = 160


class Window:
    """The numbers of one stream. `beat_id` and `start` are fixed at birth; `start` is in seconds since 1970."""

    def __init__(self, beat_id: str, start: float) -> None:
        self.beat_id = beat_id
        self.start = start
        self.numbers: dict[str, dict[str, int]] = {COUNTER: {}, ERROR: {}, DROPPED: dict.fromkeys(REASONS, 0)}
        self.distributions: dict[str, Distribution] = {}
        self.processes = 0
        self.peak = 0
        self.members: dict[bytes, None] = {}
        self.changed_numbers: set[tuple[str, str]] = set()
        self.changed_distributions: set[str] = set()
        self.changed_members: set[bytes] = set()
        self.forgotten_members: set[bytes] = set()
        self.changed = True
        #: Bytes of memory that it may still take (see `budget`).
        self.room = float("inf")

    @property
    def is_dirty(self) -> bool:
        return bool(self.changed or self.changed_numbers or self.changed_distributions or self.changed_members)

    @property
    def seen(self) -> bool:
        """Whether any process reported."""
        return self.processes > 0

    @property
    def is_empty(self) -> bool:
        """Whether it tells of nothing, not even of something dropped."""
        return not (self.seen or self.weight or any(self.numbers[DROPPED].values()))

    def count(self, kind: str, name: str, n: int, rules: privacy.Rules | None = None) -> None:
        """`n` more of `name`. A name that `rules` know as declared in full has its place although the rest is full."""
        if name not in self.numbers[kind]:
            name = self._place(name, n, rules)
        self._add(kind, name, n)

    def _add(self, kind: str, name: str, n: int) -> None:
        numbers = self.numbers[kind]
        total = numbers.get(name, 0) + n
        numbers[name] = min(total, MAX_COUNT)
        self.changed_numbers.add((kind, name))
        if total > MAX_COUNT and name != OTHER:  # whose events were told as overflow when they came
            self.drop("overflow", total - MAX_COUNT)

    def drop(self, reason: str, n: int = 1) -> None:
        dropped = self.numbers[DROPPED]
        dropped[reason] = min(dropped[reason] + n, MAX_COUNT)
        self.changed_numbers.add((DROPPED, reason))

    def observe(self, key: str, unit: str, values: list[float], rules: privacy.Rules | None = None) -> None:
        """`values` of the distribution `key`. The first unit stays; a key without tags has its place as in `count`."""
        if key not in self.distributions:
            place = self._place(key, len(values), rules)
            # What is added up from several names claims no unit of one.
            key, unit = place, unit if place == key else "1"
        if key not in self.distributions:
            self.distributions[key] = Distribution(unit)
            self.room -= self.distributions[key].memory
        found = self.distributions[key]
        if found.unit != unit:
            # Milliseconds and bytes can't be added up; the first unit stays for this window.
            self.drop("undeclared", len(values))
            return
        buckets = MAX_BUCKETS if self.room > 0 else FEW_BUCKETS
        for value in values:
            found.add(value, buckets)
        self.changed_distributions.add(key)

    def note_process(self, nonce: bytes) -> None:
        """The process of this nonce reported."""
        if nonce not in self.members:
            if self.members and (self.room <= 0 or len(self.members) >= MAX_PROCESSES):
                self._forget_member()
            self.members[nonce] = None
            self.room -= _MEMBER
            self.changed_members.add(nonce)
            self.processes += 1
            self.changed = True

    def _forget_member(self) -> None:
        nonce = next(iter(self.members))
        del self.members[nonce]
        self.changed_members.discard(nonce)
        self.forgotten_members.add(nonce)

    def note_peak(self, processes: int) -> None:
        """So many processes were connected at once."""
        if processes > self.peak:
            self.peak = processes
            self.changed = True

    @property
    def _keys(self) -> int:
        return len(self.numbers[COUNTER]) + len(self.numbers[ERROR]) + len(self.distributions)

    def _place(self, name: str, weight: int, rules: privacy.Rules | None) -> str:
        """The name under which `weight` events of a new `name` are counted: its own, while there is room."""
        if self.room > 0 and (self._keys < privacy.MAX_KEYS or self._is_reserved(name, rules)):
            self.room -= _NAME + len(name)
            return name
        self.drop("overflow", weight)
        return OTHER

    def _is_reserved(self, name: str, rules: privacy.Rules | None) -> bool:
        """Whether it is one that a policy names, which no flood of names under a wildcard may push out."""
        return rules is not None and rules.is_declared_exactly(name) and self._keys < 2 * privacy.MAX_KEYS

    def merge(self, other: Window, rules: privacy.Rules | None = None) -> None:
        """Take in the numbers of another window of the same stream, as if counted here; the earlier start stands.

        What the other counted under no name of its own is in its overflow already, and is not counted there again.
        """
        self.room = float("inf")  # what moves takes no more memory than it did
        self.start = min(self.start, other.start)
        for kind, numbers in other.numbers.items():
            for name, n in numbers.items():
                if n and kind == DROPPED:
                    self.drop(name, n)
                elif n:
                    is_new = name != OTHER and name not in self.numbers[kind]
                    self._add(kind, self._place(name, n, rules) if is_new else name, n)
        for name, found in other.distributions.items():
            is_new = name != OTHER and name not in self.distributions
            key = self._place(name, found.count, rules) if is_new else name
            mine = self.distributions.setdefault(key, Distribution("1" if key == OTHER else found.unit))
            if mine.unit == found.unit or key == OTHER:
                mine.merge(found)
            else:
                self.drop("undeclared", found.count)
            self.changed_distributions.add(key)
        self.processes += other.processes - self._shared(other)
        self.members = dict.fromkeys([*other.members, *self.members])
        self.changed_members |= other.members.keys()
        while len(self.members) > MAX_PROCESSES:
            self._forget_member()
        self.peak = max(self.peak, other.peak)
        self.changed = True

    def _shared(self, other: Window) -> int:
        """How many processes reported to both windows, at the most: none is counted twice.

        Nonces are not kept with a heartbeat that waits, and of many processes the oldest are forgotten. A process
        without one may be any of the other window's; but those of both were there at once when one window followed
        the other, so that they are no more than either's peak.
        """
        known = len(other.members.keys() & self.members.keys())
        nameless = self.processes - len(self.members) + other.processes - len(other.members)
        most = min(self.peak, other.peak, self.processes, other.processes)
        return known + min(nameless, max(0, most - known))

    @property
    def memory(self) -> int:
        """Bytes of memory that it takes, about."""
        names = [name for each in self.numbers.values() for name in each] + list(self.distributions)
        texts = sum(map(len, names)) + _NAME * len(names)
        return texts + _MEMBER * len(self.members) + sum(found.memory for found in self.distributions.values())

    @property
    def weight(self) -> int:
        """How many events the numbers stand for."""
        counted = sum(sum(self.numbers[kind].values()) for kind in (COUNTER, ERROR))
        return counted + sum(found.count for found in self.distributions.values())

    def to_map(self) -> dict[str, Any]:
        """The numbers, without the nonces."""
        return {
            "beat_id": self.beat_id,
            "start": self.start,
            "numbers": self.numbers,
            "distributions": {key: found.to_map() for key, found in self.distributions.items()},
            "processes": self.processes,
            "peak": self.peak,
        }

    @classmethod
    def from_map(cls, fields: dict[str, Any]) -> Window:
        """The window that `to_map` gave."""
        window = cls(fields["beat_id"], fields["start"])
        window.numbers = fields["numbers"]
        window.distributions = {key: Distribution.from_map(found) for key, found in fields["distributions"].items()}
        window.processes, window.peak = fields["processes"], fields["peak"]
        return window

    def touch(self) -> None:
        """Everything is to be saved again."""
        self.changed = True
        self.changed_numbers = {(kind, name) for kind, numbers in self.numbers.items() for name in numbers}
        self.changed_distributions = set(self.distributions)
        self.changed_members = set(self.members)
