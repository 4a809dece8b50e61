"""A distribution of observed values: a base-2 exponential histogram, as OpenTelemetry defines it. Pure.

Bucket `i` at scale `s` holds the values in (2**(i / 2**s), 2**((i + 1) / 2**s)]. At scale 6 a bucket is 1.09 % wide, so
that its geometric middle is at most 0.55 % from any value in it. When a distribution would need more than
`MAX_BUCKETS` non-empty buckets, the scale is lowered by one and neighbours are merged, which doubles that error:
1.1 % at scale 5, 2.2 % at scale 4. Merging two distributions gives the same as observing all their values in one.
"""

from __future__ import annotations

from math import ceil, exp2, log2
from typing import Any

MAX_SCALE = 6
MAX_BUCKETS = 320
#: What a distribution has all the same when memory is short (see `budget`): that error is doubled twice.
FEW_BUCKETS = 80

#: Bytes of memory that a distribution and each of its buckets take, as measured on CPython 3.11.
_OBJECT = 512
_BUCKET = 60

Buckets = dict[int, int]


class Distribution:
    """Observed values in one unit. `add` takes finite numbers alone: the caller has looked."""

    __slots__ = ("count", "maximum", "minimum", "negative", "positive", "scale", "total", "unit", "zero")

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self.scale = MAX_SCALE
        self.count = 0
        self.total = 0.0
        self.minimum = 0.0
        self.maximum = 0.0
        self.zero = 0
        self.positive: Buckets = {}
        self.negative: Buckets = {}

    @property
    def memory(self) -> int:
        """Bytes of memory that it takes, about: no less than it may take whenever it is fed."""
        return _OBJECT + _BUCKET * max(FEW_BUCKETS, len(self.positive) + len(self.negative))

    def add(self, value: float, buckets: int = MAX_BUCKETS) -> None:
        """Take in a value, and have at most so many `buckets` then."""
        self._widen(value, value)
        self.count += 1
        self.total += value
        if value == 0:
            self.zero += 1
            return
        side = self.positive if value > 0 else self.negative
        index = ceil(log2(abs(value)) * 2.0**self.scale) - 1
        side[index] = side.get(index, 0) + 1
        self._coarsen(buckets)

    def merge(self, other: Distribution) -> None:
        """Take in all values of `other`, which stays as it is. Units are the caller's to compare."""
        if not other.count:
            return
        self._widen(other.minimum, other.maximum)
        self.count += other.count
        self.total += other.total
        self.zero += other.zero
        while self.scale > other.scale:
            self._halve()
        shift = other.scale - self.scale
        for mine, theirs in ((self.positive, other.positive), (self.negative, other.negative)):
            for index, n in theirs.items():
                mine[index >> shift] = mine.get(index >> shift, 0) + n
        self._coarsen(MAX_BUCKETS)

    def quantiles(self, *shares: float) -> list[float]:
        """For each of `shares`, from 0 to 1 and ascending, the value below which that share of the values lies.

        By nearest rank; 0 for an empty distribution.
        """
        found: list[float] = []
        seen = 0
        ranks = [max(1, ceil(share * self.count)) for share in shares]
        for sign, index, n in self._ascending():
            seen += n
            while len(found) < len(ranks) and seen >= ranks[len(found)]:
                found.append(min(max(sign * self._middle(index), self.minimum), self.maximum))
        return found + [self.maximum] * (len(ranks) - len(found))

    def _ascending(self) -> list[tuple[int, int, int]]:
        """Sign, index and count of each bucket, from the least value to the greatest; zero has the sign 0."""
        below = [(-1, index, self.negative[index]) for index in sorted(self.negative, reverse=True)]
        above = [(1, index, self.positive[index]) for index in sorted(self.positive)]
        return [*below, (0, 0, self.zero), *above]

    def _middle(self, index: int) -> float:
        return exp2((index + 0.5) / 2.0**self.scale)

    def _widen(self, low: float, high: float) -> None:
        self.minimum = low if not self.count else min(self.minimum, low)
        self.maximum = high if not self.count else max(self.maximum, high)

    def _coarsen(self, buckets: int) -> None:
        while len(self.positive) + len(self.negative) > buckets:
            self._halve()

    def _halve(self) -> None:
        self.scale -= 1
        for side in (self.positive, self.negative):
            halved: Buckets = {}
            for index, n in side.items():
                halved[index >> 1] = halved.get(index >> 1, 0) + n
            side.clear()
            side.update(halved)

    def to_map(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_map(cls, fields: dict[str, Any]) -> Distribution:
        """The distribution that `to_map` gave, from whichever store kept it."""
        found = cls(fields["unit"])
        for name in cls.__slots__:
            setattr(found, name, fields[name])
        return found
