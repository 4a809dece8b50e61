"""No daemon: the client is a no-op that nobody can notice, and finds the daemon once it is there."""

from __future__ import annotations

import pytest

from support.house import House
from support.outcomes import assert_silent
from support.products import CONNECT, acme
from support.waiting import until

EVERY_CALL = """
for _ in range(200):
    telemetry.count("feature.search")
search = telemetry.counter("feature.search")
search.inc()
telemetry.observe("latency.search", 12.5, unit="ms")
with telemetry.timer("latency.block"):
    pass
telemetry.error(ValueError())
telemetry.event("agent_usage", {"tokens": 3})
telemetry.flush(0.2)
telemetry.close()
telemetry.count("feature.search")
telemetry.close()
"""
STRICT = ("-X", "dev", "-W", "error")


def test_without_a_daemon_every_call_is_silent(house: House) -> None:
    assert_silent(house.run_client(acme() + EVERY_CALL, *STRICT))
    assert list(house.state.iterdir()) == list(house.config.iterdir()) == list(house.runtime.iterdir()) == []


def test_without_any_directory_every_call_is_silent(house: House) -> None:
    for directory in (house.runtime, house.state, house.config):
        directory.rmdir()
    assert_silent(house.run_client(acme() + EVERY_CALL, *STRICT))
    assert not house.runtime.exists()
    assert not house.state.exists()


def test_nothing_was_handed_over_without_a_daemon(house: House) -> None:
    done = house.run_client(acme() + "telemetry.count('cli.run')\nprint(telemetry.flush(0.1))")
    assert done.stdout == "False\n"


def test_a_daemon_started_later_is_found_by_a_running_process(house: House) -> None:
    client = house.live_client(acme())
    client.do("telemetry.count('feature.before'); telemetry.flush(0.1)")
    house.start_daemon()
    client.do(CONNECT)
    client.do("telemetry.count('feature.after', 7)")
    assert client.ask("telemetry.flush(5)") is True
    until(lambda: house.held().get("feature.after") == 7, "the events after the connection")
    assert "feature.before" not in house.held()
    assert client.end() == (0, "")


def test_a_stale_socket_file_is_as_good_as_no_daemon(house: House) -> None:
    house.start_daemon().kill()
    assert (house.runtime / "ingest.sock").exists()
    assert_silent(house.run_client(acme() + EVERY_CALL, *STRICT))


def test_a_socket_path_too_long_is_off(house: House) -> None:
    done = house.run_client(
        acme() + "print(telemetry.mode)\n" + EVERY_CALL, DAYBEAT_RUNTIME_DIR=str(house.root / ("r" * 120))
    )
    assert (done.stdout, done.stderr) == ("off\n", "")


def test_the_environment_of_the_moment_decides(house: House) -> None:
    """Test suites put another mapping in the place of `os.environ`."""
    code = "import os, daybeat\nos.environ = {**os.environ, 'DO_NOT_TRACK': '1'}\n"
    done = house.run_client(code + acme() + "print(telemetry.mode)")
    assert (done.stdout, done.stderr) == ("off\n", "")


@pytest.mark.parametrize(
    "start",
    [
        "'Bad Name'",
        "''",
        "'acme', consent='maybe'",
        "'acme', declare=['Not A Name']",
        "'acme', sink=daybeat.https_json('http://not.this.machine/v1')",
        "'acme', sink=daybeat.https_json('https://here/v1', timeout='long')",
        "'acme', sink=daybeat.file('relative.jsonl')",
    ],
)
def test_a_bad_policy_is_a_disabled_client_and_an_error_in_a_test_suite(house: House, start: str) -> None:
    code = f"import daybeat\ntelemetry = daybeat.Telemetry({start})\nprint(telemetry.mode)\n" + EVERY_CALL
    done = house.run_client(code + "print(len(telemetry.reason) > 0)")
    assert (done.stdout, done.stderr) == ("off\nTrue\n", "")
    strict = house.python("-c", code, DAYBEAT_STRICT="1")
    assert strict.returncode == 1
    assert "Error" in strict.stderr


@pytest.mark.parametrize(
    "call",
    [
        "count(None)",
        "count('x', 'many')",
        "count('feature.x', -1)",
        "observe('latency.x', 'fast')",
        "error(3)",
        "observe('latency.x', float('nan'), unit=4, tags=[1])",
        "event(1, 2)",
        "counter(object()).inc('x')",
        "count('feature.x' * 10000, 10**400)",
        "flush('soon')",
        "timer(None)",
    ],
)
@pytest.mark.parametrize("with_daemon", [True, False], ids=["daemon", "alone"])
def test_a_senseless_call_never_raises(house: House, call: str, with_daemon: bool) -> None:
    if with_daemon:
        house.start_daemon()
    assert_silent(house.run_client(acme() + f"telemetry.{call}\ntelemetry.flush(1)\n", *STRICT))
