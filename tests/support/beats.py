"""One heartbeat with something in each part, and one first run: what the golden files show."""

from __future__ import annotations

from daybeatd.core.distribution import Distribution
from daybeatd.core.heartbeat import FIRST_RUN, HEARTBEAT, Heartbeat

SYSTEM = {
    "os.family": "Linux",
    "os.machine": "x86_64",
    "os.containerized": None,
    "python.version": "3.11.7",
    "python.implementation": "cpython",
    "libraries.pytest": False,
    "libraries.ipython": "8.20.0",
    "ci": False,
}


def distribution(unit: str, *values: float) -> Distribution:
    made = Distribution(unit)
    for value in values:
        made.add(value)
    return made


def heartbeat(**changes: object) -> Heartbeat:
    """A full one, less or other by `changes`."""
    fields: dict[str, object] = {
        "kind": HEARTBEAT,
        "beat_id": "0e8bb4d5-5ac6-4f29-9b8e-7ee4b1c7b9a1",
        "sequence": 7,
        "product": "acme",
        "product_version": "2.1.0",
        "install_id": "6f1fd5f6-37ce-4e19-8ec5-b6aa2d4eb2a7",
        "start": 1234481490.0,
        "end": 1234567890.123,
        "system": SYSTEM,
        "host_class": "person",
        "counters": {"feature.search": 12, "cli.build": 2**53},
        "distributions": {
            "latency.search{operation=search}": distribution("ms", 9.0, 12.4, 16.1),
            "latency.search{operation=build,size=L}": distribution("ms", 250.0),
            "size.delta": distribution("By", -3.0, 0.0, 0.0, 1e6),
        },
        "errors": {"ValueError": 3, "OtherError": 1},
        "processes": 120,
        "peak": 64,
        "dropped": {"undeclared": 3, "unsafe": 0, "overflow": 0, "lost": 0, "version": 0},
    }
    return Heartbeat(**{**fields, **changes})  # type: ignore[arg-type]


def first_run() -> Heartbeat:
    nothing: dict[str, object] = {"counters": {}, "distributions": {}, "errors": {}, "dropped": {}}
    return heartbeat(kind=FIRST_RUN, sequence=0, processes=0, peak=0, **nothing)
