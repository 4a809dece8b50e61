"""`daybeat.testing.capture()`: what a host's own tests can rely on, on a machine with any consent and no daemon."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from collections import UserDict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import daybeat
from daybeat.testing import Captured, capture

DECLARED: dict[str, Any] = {"declare": ["feature.*", "latency.*"], "tags": {"operation": ["search"]}}


@pytest.fixture(autouse=True)
def _no_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name in ("DAYBEAT_RUNTIME_DIR", "DAYBEAT_STATE_DIR", "DAYBEAT_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name[-3:]))
    for name in ("DO_NOT_TRACK", "DAYBEAT_STRICT", "ACME_TELEMETRY_ENABLED"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=["opt-out", "opt-in"])
def telemetry(request: pytest.FixtureRequest) -> daybeat.Telemetry:
    """On by default, and off by default: what the code reports is the same."""
    return daybeat.Telemetry("acme", consent=request.param, **DECLARED)


def test_every_call_is_one_event_in_its_order(telemetry: daybeat.Telemetry) -> None:
    with capture() as events:
        telemetry.count("feature.search")
        telemetry.count("feature.search", 4)
        telemetry.observe("latency.search", 12, unit="ms", tags={"operation": "search"})
        telemetry.error(ValueError("not to be seen"))
        telemetry.event("feature.used", {"secret": "word"})
    assert events == [
        {"kind": "count", "product": "acme", "name": "feature.search", "n": 1},
        {"kind": "count", "product": "acme", "name": "feature.search", "n": 4},
        {
            "kind": "observation",
            "product": "acme",
            "name": "latency.search{operation=search}",
            "value": 12.0,
            "unit": "ms",
        },
        {"kind": "error", "product": "acme", "name": "ValueError", "n": 1},
        {"kind": "count", "product": "acme", "name": "feature.used", "n": 1},
    ]
    assert events.total("feature.search") == events.total("feature.search", "acme") == 5
    assert events.total("feature.search", "another") == 0
    assert events.dropped == {}


def test_what_the_rules_leave_out_is_counted_by_reason(telemetry: daybeat.Telemetry) -> None:
    with capture() as events:
        telemetry.count("not.declared")
        telemetry.count("Not A Name")
        telemetry.observe("latency.search", float("nan"))
        telemetry.observe("latency.search", 1.0, tags={"operation": "delete"})
        telemetry.count("feature.search", -1)
    assert [event["name"] for event in events] == ["latency.search"]
    assert events.dropped == {("acme", "undeclared"): 2, ("acme", "unsafe"): 2}


def test_handles_from_before_and_from_within_are_captured(telemetry: daybeat.Telemetry) -> None:
    before = telemetry.counter("feature.before")
    with capture() as events:
        before.inc()
        telemetry.counter("feature.within").inc(2)
        with telemetry.timer("latency.block"):
            pass
        daybeat.Telemetry("idun", consent="opt-in", declare=["cli.*"]).count("cli.run")
    assert [(event["product"], event["name"]) for event in events] == [
        ("acme", "feature.before"),
        ("acme", "feature.within"),
        ("acme", "latency.block"),
        ("idun", "cli.run"),
    ]


@pytest.mark.parametrize("consent", ["opt-out", "opt-in"])
def test_records_are_captured_as_they_would_be_sent(consent: str) -> None:
    telemetry = daybeat.Telemetry("acme", consent=consent, declare=["agent_usage"], delivery="events")
    with capture() as events:
        telemetry.event(
            "agent_usage", {"agent_id": "jane", "operation": "search", "metadata": {"prompt": "p", "success": True}}
        )
        telemetry.event("unheard_of", {"secret": "word"})
    (event,) = events
    assert (event["kind"], event["product"], event["name"]) == ("record", "acme", "agent_usage")
    assert event["fields"].keys() == {"event_type", "agent_id_hash", "operation", "metadata", "timestamp"}
    assert event["fields"]["metadata"] == {"success": True}
    assert event["fields"]["agent_id_hash"] == hashlib.sha256(b"jane").hexdigest()
    assert events.dropped == {("acme", "undeclared"): 2}
    assert telemetry.waiting == 0  # nothing of it is on its way to a daemon


def test_a_record_that_no_frame_can_carry_is_dropped_here_as_there() -> None:
    call: Any = daybeat.Telemetry("acme", consent="opt-out", declare=["agent_usage"], delivery="events")
    with capture() as events:
        call.event("agent_usage", {"agent_id": "x" * 20_000, "operation": "search"})
        call.event("größe", {})
        call.event(5)
    assert (events, events.dropped) == ([], {("acme", "overflow"): 1, ("acme", "unsafe"): 2})


def test_nothing_is_captured_outside_nor_left_behind(telemetry: daybeat.Telemetry) -> None:
    handle = telemetry.counter("feature.search")
    with capture() as events:
        with capture() as inner:
            handle.inc()
        assert (events, len(inner)) == ([], 1)
    handle.inc()
    telemetry.count("feature.search")
    assert events == []
    with capture() as later:
        telemetry.count("feature.search")
    assert len(later) == 1


def test_captures_beside_each_other_leave_nothing_behind(telemetry: daybeat.Telemetry) -> None:
    """As in two tasks or threads, of which the one that began first ends first."""
    first, second = capture(), capture()
    outer, inner = first.__enter__(), second.__enter__()
    telemetry.count("feature.both")
    first.__exit__(None, None, None)
    telemetry.count("feature.second")
    second.__exit__(None, None, None)
    telemetry.count("feature.none")
    assert (outer, [event["name"] for event in inner]) == ([], ["feature.both", "feature.second"])
    with capture() as later:
        telemetry.count("feature.later")
    assert (len(inner), len(later)) == (2, 1)


def test_a_closed_handle_reports_nothing(telemetry: daybeat.Telemetry) -> None:
    telemetry.close()
    with capture() as events:
        telemetry.count("feature.search")
        telemetry.observe("latency.search", 1.0)
        telemetry.event("feature.search")
        telemetry.error("ValueError")
    assert (events, events.dropped) == ([], {})


def test_a_refused_declaration_reports_nothing() -> None:
    with capture() as events:
        refused = daybeat.Telemetry("Not A Product")
        refused.count("feature.search")
        refused.counter("feature.search").inc()
        refused.observe("latency.search", 1.0)
        refused.error("ValueError")
    assert events == []


def test_threads_are_captured(telemetry: daybeat.Telemetry) -> None:
    def work() -> None:
        for _ in range(1000):
            telemetry.count("feature.search")
            telemetry.count("not.declared")

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    with capture() as events:
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    sys.setswitchinterval(interval)
    assert events.total("feature.search") == 8000
    assert events.dropped == {("acme", "undeclared"): 8000}


def test_senseless_calls_do_not_raise(telemetry: daybeat.Telemetry) -> None:
    call: Any = telemetry
    with capture() as events:
        call.count(None)
        call.count("feature.search", "many")
        call.observe("latency.search", "fast", tags=3)
        call.error(3)
        call.counter(object()).inc("x")
    assert [event["kind"] for event in events] == ["error"]


def test_pytest_finds_the_fixture(daybeat_events: Captured, telemetry: daybeat.Telemetry) -> None:
    telemetry.count("feature.search", 3)
    assert daybeat_events.total("feature.search") == 3


HOSTS_SUITE = """
import daybeat
def test_of_a_host(daybeat_events):
    daybeat.Telemetry("acme", consent="opt-in", declare=["feature.*"]).count("feature.search")
    assert daybeat_events == [{"kind": "count", "product": "acme", "name": "feature.search", "n": 1}]
"""


def test_a_hosts_suite_has_the_fixture_by_the_installed_package_alone(tmp_path: Path) -> None:
    suite = tmp_path / "test_host.py"
    suite.write_text(HOSTS_SUITE)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path, suite],
        cwd=tmp_path, capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_text_is_no_value_though_a_number_can_be_read_out_of_it(telemetry: daybeat.Telemetry) -> None:
    with capture() as events:
        for text in ("19760107", b"19760107", bytearray(b"19760107"), memoryview(b"19760107")):
            telemetry.observe("latency.search", text)  # type: ignore[arg-type]
        telemetry.observe("latency.search", Decimal("1.5"))  # type: ignore[arg-type]
    assert [event["value"] for event in events] == [1.5]
    assert events.dropped == {("acme", "unsafe"): 4}


class Endless(UserDict[Any, Any]):
    """A mapping whose end nobody should look for."""

    def __init__(self, key: object, value: object) -> None:
        super().__init__()
        self.entry = (key, value)

    def items(self) -> Any:
        def entries() -> Iterator[tuple[Any, Any]]:
            for _ in range(100_000):
                yield self.entry
            raise AssertionError("read on and on")

        return entries()


def test_tags_that_are_endless_are_not_read_to_their_end(telemetry: daybeat.Telemetry) -> None:
    with capture() as events:
        telemetry.observe("latency.search", 1.0, tags=Endless("operation", "search"))
    assert [event["name"] for event in events] == ["latency.search{operation=search}"]
    assert events.dropped[("acme", "undeclared")] > 0


@pytest.mark.parametrize(
    "fields",
    [
        {"metric_name": "latency", "value": 1.5, "tags": Endless(1, "a")},
        {"metric_name": "latency", "value": 1.5, "tags": Endless("operation", "search")},
        Endless("metric_name", "latency"),
    ],
    ids=["tags without names", "tags", "fields"],
)
def test_fields_that_are_endless_are_not_read_to_their_end(fields: Any) -> None:
    telemetry = daybeat.Telemetry("acme", consent="opt-out", declare=["performance"], delivery="events")
    with capture() as events:
        telemetry.event("performance", fields)
    assert len(events) + sum(events.dropped.values()) == 1


def test_a_host_that_has_imported_the_client_before_pytest_is_not_warned(tmp_path: Path) -> None:
    """As one that has it in a `sitecustomize` or in a plugin of its own; warnings may be errors there."""
    (tmp_path / "test_nothing.py").write_text("def test_nothing(daybeat_events): assert daybeat_events == []\n")
    code = "import sys, daybeat, pytest; sys.exit(pytest.main(['-q', '-W', 'error', '-p', 'no:cacheprovider']))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
