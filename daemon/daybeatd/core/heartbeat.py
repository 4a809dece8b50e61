"""The daily message of a product, as a value, and as the document that people and sinks read. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from daybeat.privacy import MAX_KEYS
from daybeat.wire import MAX_COUNT
from daybeatd.core.distribution import Distribution
from daybeatd.core.window import OTHER

HEARTBEAT = "heartbeat"
FIRST_RUN = "first_run"

QUANTILES = (("p50", 0.5), ("p90", 0.9), ("p99", 0.99))


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """All that one message says. Times are seconds since 1970.

    A `kind` of `FIRST_RUN` has the system facts and nothing counted: it goes out once in a product's life here.
    """

    kind: str
    beat_id: str
    sequence: int
    product: str
    product_version: str
    install_id: str
    start: float
    end: float
    system: Mapping[str, str | bool | None]
    host_class: str
    counters: Mapping[str, int] = field(default_factory=dict)
    distributions: Mapping[str, Distribution] = field(default_factory=dict)
    errors: Mapping[str, int] = field(default_factory=dict)
    processes: int = 0
    peak: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)


def document(heartbeat: Heartbeat) -> dict[str, Any]:
    """The heartbeat as one JSON object: what `preview` shows and `https_json` sends, in the order people read."""
    head = {
        "event_type": heartbeat.kind,
        "beat_id": heartbeat.beat_id,
        "sequence": heartbeat.sequence,
        "product": heartbeat.product,
        "product_version": heartbeat.product_version,
        "install_id": heartbeat.install_id,
        "timestamp": heartbeat.end,
    }
    tail = {"system": dict(sorted(heartbeat.system.items())), "class": heartbeat.host_class}
    if heartbeat.kind == FIRST_RUN:
        del head["sequence"]
        return head | tail
    return (
        head
        | {
            "window": {"start": heartbeat.start, "end": heartbeat.end},
            "counters": dict(sorted(heartbeat.counters.items())),
            "distributions": {key: summary(found) for key, found in sorted(heartbeat.distributions.items())},
            "errors": dict(sorted(heartbeat.errors.items())),
            "fleet": {"processes": heartbeat.processes, "peak": heartbeat.peak},
        }
        | tail
        | {"dropped": dict(heartbeat.dropped)}
    )


def summary(distribution: Distribution) -> dict[str, Any]:
    """What is told of a distribution where buckets would be too much."""
    quantiles = distribution.quantiles(*(share for _, share in QUANTILES))
    return {
        "unit": distribution.unit,
        "count": distribution.count,
        "sum": _rounded(distribution.total),
        "min": _rounded(distribution.minimum),
        "max": _rounded(distribution.maximum),
    } | {name: _rounded(value) for (name, _), value in zip(QUANTILES, quantiles, strict=True)}


def _rounded(value: float) -> float:
    """Twelve significant digits: sums of decimal fractions read as people wrote them."""
    return float(f"{value:.12g}")


def fit(heartbeat: Heartbeat, size: Callable[[Heartbeat], int], limit: int) -> Heartbeat:
    """The heartbeat with as many of its numbers as keep its `size` within `limit` bytes, at most `MAX_KEYS` of them.

    The least counted go first; how many events they stood for is told in `dropped`, each event once.
    """
    weights = [("counters", name, n) for name, n in heartbeat.counters.items()]
    weights += [("errors", name, n) for name, n in heartbeat.errors.items()]
    weights += [("distributions", name, found.count) for name, found in heartbeat.distributions.items()]
    weights.sort(key=lambda entry: (-entry[2], entry[0], entry[1]))
    if len(weights) <= MAX_KEYS and size(heartbeat) <= limit:
        return heartbeat
    fits, too_many = 0, min(len(weights), MAX_KEYS + 1)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if size(_first(heartbeat, weights, middle)) <= limit:
            fits = middle
        else:
            too_many = middle
    return _first(heartbeat, weights, fits)


def _first(heartbeat: Heartbeat, weights: list[tuple[str, str, int]], n: int) -> Heartbeat:
    kept = {(part, name) for part, name, _ in weights[:n]}
    # What was counted under no name of its own was told as overflow when it came.
    cut = sum(weight for _, name, weight in weights[n:] if name != OTHER)
    parts: dict[str, Any] = {
        part: {name: value for name, value in getattr(heartbeat, part).items() if (part, name) in kept}
        for part in ("counters", "errors", "distributions")
    }
    dropped = dict(heartbeat.dropped)
    dropped["overflow"] = min(dropped.get("overflow", 0) + cut, MAX_COUNT)
    return replace(heartbeat, **parts, dropped=dropped)
