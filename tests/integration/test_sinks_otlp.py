"""The sink `otlp` through the real daemon: without its extra, and when half of it is rejected."""

from __future__ import annotations

import os

from support.collector import Answer, Collector
from support.house import House
from support.products import acme
from support.settings import await_counted, history, stream
from support.waiting import until

COUNT = "telemetry.count('feature.search')\nassert telemetry.flush(10)\n"


def test_without_its_extra_a_sink_is_held_and_the_numbers_wait(house: House, collector: Collector) -> None:
    """A package of that name without what is needed stands before the real one."""
    shadow = house.root / "shadow" / "opentelemetry"
    shadow.mkdir(parents=True)
    (shadow / "__init__.py").touch()
    path = os.pathsep.join([str(shadow.parent), house.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    daemon = house.start_daemon(PYTHONPATH=path)
    house.run_client(acme(f"daybeat.otlp({collector.url!r})") + COUNT)
    await_counted(house, 1)
    for command in (("status",), ("preview", "acme"), ("send", "acme"), ("export", "acme")):
        shown = house.daybeat(*command)
        assert shown.returncode == 0
        assert "daybeat[otlp]" in shown.stdout + shown.stderr, command
    assert house.daybeat("send", "--dry-run", "acme").returncode == 1
    assert collector.requests == []
    daemon.stop()
    house.start_daemon()
    house.send("acme")
    assert len(collector.requests) == 2  # the first run and the heartbeat


def test_half_a_success_is_final_and_shown(house: House, collector: Collector) -> None:
    rejecting = b"\x0a\x0b\x08\x03\x12\x07[b] old"  # ExportMetricsServiceResponse: 3 rejected data points
    collector.answer(Answer(), then=Answer(body=rejecting))
    house.start_daemon()
    house.run_client(acme(f"daybeat.otlp({collector.url!r})") + COUNT)
    await_counted(house, 1)
    until(lambda: len(collector.requests) == 1, "the first run should come before the heartbeat")
    house.send("acme")
    assert len(collector.requests) == 2
    words = "200 OK; 3 data points were rejected: [b] old"
    assert [entry["answer"] for entry in history(house)] == [words]
    assert stream(house, "otlp")["last_answer"] == words
    assert words in house.daybeat("status").stdout
