"""What Idun's own telemetry had recorded before daybeat came: a choice, an id, numbers."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from support.collector import Collector
from support.house import House
from support.idun import (
    CALLS,
    COUNTED,
    IMPORT,
    USER_ID,
    await_counted,
    environ,
    leave_config,
    sent,
    status,
)


def test_an_old_choice_is_taken_over_before_anything_is_counted(house: House, collector: Collector) -> None:
    lines = [f"user_id: {USER_ID}", "telemetry_enabled: false", "created_at: 2025-01-02T03:04:05", "counters: {}"]
    leave_config(house, "\n".join(lines))
    house.start_daemon()
    house.run_client(IMPORT + CALLS, **environ(collector))
    house.settle()
    assert status(house)["telemetry_enabled"] is False
    assert status(house)["counters"] == {}
    assert (house.config / "consent" / "idun").read_text().strip() == "off"
    assert collector.requests == []
    assert house.daybeat("on", "idun").returncode == 0
    house.run_client(IMPORT + CALLS, **environ(collector))
    await_counted(house, COUNTED)
    assert sent(collector, "First run") == []


def test_an_old_record_is_kept(house: House, collector: Collector) -> None:
    lines = [
        f"user_id: {USER_ID}",
        "telemetry_enabled: true",
        "created_at: '2025-01-02T03:04:05+00:00'",
        "counters: {workflow.adk.count: 4, 'path /home/jane': 2}",
        "last_heartbeat_at: null",
    ]
    path = leave_config(house, "\n".join(lines))
    daemon = house.start_daemon()
    house.run_client(IMPORT + CALLS, **environ(collector))
    await_counted(house, {**COUNTED, "workflow.adk.count": 4})
    shown = status(house)
    assert shown["user_id"] == USER_ID
    assert shown["created_at"] == "2025-01-02T03:04:05+00:00"
    assert sent(collector, "First run") == []
    assert path.read_text() == "\n".join(lines), "it is the person's file"
    daemon.stop()
    house.start_daemon()
    house.run_client(IMPORT, **environ(collector))
    await_counted(house, {**COUNTED, "workflow.adk.count": 4})


def test_the_time_of_an_old_heartbeat_is_kept(house: House, collector: Collector) -> None:
    last = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    leave_config(house, f"user_id: {USER_ID}\ntelemetry_enabled: true\nlast_heartbeat_at: {last.isoformat()!r}\n")
    house.start_daemon()
    house.run_client(IMPORT + CALLS, **environ(collector))
    await_counted(house, COUNTED)
    assert status(house)["last_heartbeat_at"] == last.isoformat()
    assert collector.requests == [], "the next one is due a day after it"


@pytest.fixture
def read_only(house: House) -> Iterator[House]:
    """A house whose config directory nobody can write, and in it no choice."""
    if os.geteuid() == 0:  # whom no mode of a directory stops, but a disk that is read-only
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(house.config)], capture_output=True)
        if mounted.returncode != 0:
            pytest.skip("root, who may not mount a read-only disk here, can write any directory")
    else:
        house.config.chmod(0o500)
    try:
        yield house
    finally:
        if os.geteuid() == 0:
            subprocess.run(["umount", "-l", str(house.config)], check=True)
        else:
            house.config.chmod(0o700)


def test_an_old_choice_holds_although_it_can_t_be_recorded(read_only: House, collector: Collector) -> None:
    house = read_only
    path = leave_config(house, "telemetry_enabled: false\n")
    for _ in range(2):  # this daemon, and the next
        daemon = house.start_daemon()
        house.run_client(IMPORT + CALLS, **environ(collector))
        house.settle()
        shown = status(house)
        assert (shown["telemetry_enabled"], shown["counters"]) == (False, {})
        assert house.daybeat("send", "idun").stdout == "nothing to send\n"
        daemon.stop()
    assert collector.requests == []
    assert not (house.config / "consent").exists()
    assert path.read_text() == "telemetry_enabled: false\n"


def test_a_config_directory_that_can_t_be_written_is_no_reason_to_be_off(
    read_only: House, collector: Collector
) -> None:
    leave_config(read_only, f"user_id: {USER_ID}\ntelemetry_enabled: true\n")
    read_only.start_daemon()
    read_only.run_client(IMPORT + CALLS, **environ(collector))
    await_counted(read_only, COUNTED)
    assert status(read_only)["user_id"] == USER_ID


BROKEN = ["{", "telemetry_enabled: false", "- 1", "user_id: 7\ncounters: [x]\ncreated_at: never"]


@pytest.mark.parametrize("text", BROKEN)
def test_an_old_file_that_is_broken_breaks_nothing(house: House, collector: Collector, text: str) -> None:
    leave_config(house, text)
    daemon = house.start_daemon()
    house.run_client(IMPORT + CALLS, **environ(collector))
    house.settle()
    assert daemon.running
    assert status(house)["telemetry_enabled"] is (text not in ("{", "telemetry_enabled: false"))
