"""`daybeat demo`: a real fleet, one heartbeat, exact totals. What a newcomer runs first must be true."""

from __future__ import annotations

import json
import signal
from typing import Any

import pytest

from support.house import House
from support.waiting import DEADLINE, until

TOTAL = 32 * 1000 + 200


def _body(text: str) -> dict[str, Any]:
    """The one JSON body among what the demo prints."""
    decoder = json.JSONDecoder()
    for start in (index for index, character in enumerate(text) if character == "{"):
        try:
            found, _ = decoder.raw_decode(text[start:])
        except ValueError:
            continue
        if isinstance(found, dict) and "events" in found:
            return found
    raise AssertionError(f"no body in {text!r}")


def test_the_demo_shows_one_heartbeat_whose_totals_are_exact(house: House) -> None:
    done = house.daybeat("demo")
    assert done.returncode == 0, done.stdout + done.stderr
    (beat,) = [event for event in _body(done.stdout)["events"] if event["event_type"] == "heartbeat"]
    distributions = beat["distributions"].values()
    events = (
        sum(beat["counters"].values())
        + sum(beat["errors"].values())
        + sum(each["count"] for each in distributions)
    )
    assert events == TOTAL
    assert beat["fleet"]["processes"] == 232
    assert sum(beat["dropped"].values()) == 0


def test_the_demo_leaves_the_persons_own_daemon_and_directories_alone(house: House) -> None:
    daemon = house.start_daemon()
    before = sorted(path.name for path in house.root.rglob("*") if path.suffix != ".log")
    assert house.daybeat("demo").returncode == 0
    assert daemon.running
    assert house.held() == {}
    assert sorted(path.name for path in house.root.rglob("*") if path.suffix != ".log") == before
    assert house.left_alive() == [daemon.pid]


def test_the_demo_runs_for_a_person_who_is_not_to_be_tracked(house: House) -> None:
    """The demo is asked for and stays on this machine: consent to telemetry is not its condition."""
    assert house.daybeat("demo", DO_NOT_TRACK="1").returncode == 0


def test_a_daemon_that_can_not_start_ends_it_in_one_line_more(house: House) -> None:
    """A socket's path is too long there, which the daemon says itself."""
    far = house.root / ("x" * 100)
    far.mkdir()
    done = house.daybeat("demo", "--processes", "1", "--short-lived", "1", TMPDIR=str(far))
    assert (done.returncode, done.stdout) == (1, "")
    first, second = done.stderr.splitlines()
    assert first.startswith("daybeatd: the socket path ")
    assert second.startswith("daybeat: the demo's daemon did not start; TMPDIR ")
    assert list(far.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "usual"), [("SIGTERM", "SIG_DFL"), ("SIGHUP", "SIG_DFL"), ("SIGINT", "default_int_handler")]
)
def test_a_demo_that_is_ended_leaves_nothing_behind(house: House, number: str, usual: str) -> None:
    away = house.root / "tmp"
    away.mkdir()
    # A suite that runs in the background ignores some of these, which its children would inherit.
    code = f"""
import os, signal, sys
signal.signal(signal.{number}, signal.{usual})
os.environ["TMPDIR"] = {str(away)!r}
from daybeatd.cli import main
sys.exit(main())
"""
    demo = house.launch("-c", code, "demo", "--processes", "4", "--events", "1000000")
    until(lambda: list(away.glob("daybeat-demo-*/state/daybeat.db")), "the demo does not begin")
    demo.send_signal(signal.Signals[number])
    assert demo.wait(DEADLINE) == 1
    assert list(away.iterdir()) == []
    until(lambda: house.left_alive() == [], lambda: f"{house.left_alive()} still run")
