"""Consent after the fact: the daemon enforces a choice on processes that decided before it was made."""

from __future__ import annotations

import shutil
import sys

import pytest

from support.collector import Collector
from support.house import House
from support.products import acme, https_json
from support.waiting import DEADLINE, until

SEARCH = "telemetry.count('feature.search'); telemetry.flush(5)"

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")


def _on_disk(house: House, name: bytes = b"feature.search") -> bool:
    """Whether the name is anywhere in the state directory. `house.held` would make the daemon look."""
    return any(name in path.read_bytes() for path in house.state.iterdir())


def _sent_nothing(house: House, collector: Collector) -> None:
    house.daybeat("send", "acme")
    house.settle()
    assert collector.events("heartbeat") == []


def test_off_deletes_what_is_held_and_takes_no_more_from_a_running_process(
    house: House, collector: Collector
) -> None:
    house.start_daemon()
    client = house.live_client(acme(https_json(collector.url)))
    client.do(SEARCH)
    house.await_counters({"feature.search": 1})
    assert house.daybeat("off", "acme").returncode == 0
    house.settle()
    assert house.held() == {}
    client.do(SEARCH)
    house.settle()
    assert house.held() == {}
    _sent_nothing(house, collector)
    assert client.end() == (0, "")


def test_a_choice_written_by_hand_is_enforced_too(house: House, collector: Collector) -> None:
    house.start_daemon()
    client = house.live_client(acme(https_json(collector.url)))
    client.do(SEARCH)
    house.await_counters({"feature.search": 1})
    house.choose("acme", "off")
    client.do(SEARCH)
    house.await_counters({})
    _sent_nothing(house, collector)


@linux_only
@pytest.mark.parametrize("name", ["acme", "all"])
def test_off_written_by_hand_deletes_at_once_though_nobody_asks_and_no_event_comes(
    house: House, name: str
) -> None:
    """A daemon at rest has no next event to look at the choices with, and no tool is asked here: that would be one."""
    shutil.rmtree(house.config)  # as it is before the first choice
    house.start_daemon()
    house.run_client(acme() + SEARCH)
    until(lambda: _on_disk(house), lambda: "the counter should be saved", deadline=DEADLINE)
    house.choose(name, "off")
    until(lambda: not _on_disk(house), lambda: "off should have deleted the counter", deadline=DEADLINE)


@pytest.mark.parametrize("do", [["off", "acme"], ["off"], ["forget", "acme"]], ids=" ".join)
def test_what_the_tool_deletes_is_in_no_file_when_it_returns(house: House, do: list[str]) -> None:
    """The log of earlier writes beside the database is a file, too."""
    house.start_daemon()
    house.run_client(acme() + SEARCH)
    until(lambda: _on_disk(house), lambda: "the counter should be saved", deadline=DEADLINE)
    assert house.daybeat(*do).returncode == 0
    assert not _on_disk(house)


@linux_only
def test_off_and_on_by_hand_in_a_moment_of_rest_forgets_what_was_before(house: House) -> None:
    house.start_daemon()
    house.run_client(acme() + "telemetry.count('feature.before'); telemetry.flush(5)")
    until(lambda: _on_disk(house, b"feature.before"), lambda: "the counter should be saved", deadline=DEADLINE)
    house.choose("acme", "off")
    until(lambda: not _on_disk(house, b"feature.before"), lambda: "off should delete it", deadline=DEADLINE)
    house.choose("acme", "on")
    house.run_client(acme() + SEARCH)
    house.await_counters({"feature.search": 1})


@linux_only
def test_who_comes_right_after_on_was_written_by_hand_is_counted(house: House) -> None:
    """The client has read the new choice; the daemon must not judge it by the old one."""
    house.choose("acme", "off")
    house.start_daemon()
    client = acme(consent="opt-in") + SEARCH
    house.run_client(client, ACME_TELEMETRY_ENABLED="on")  # the product is known, and off by its record
    house.daybeat("forget", "acme")
    house.choose("acme", "on")
    house.run_client(client)
    house.await_counters({"feature.search": 1})


def test_off_spares_a_process_that_its_environment_keeps_on_and_names_it(
    house: House, collector: Collector
) -> None:
    house.start_daemon()
    client = house.live_client(acme(https_json(collector.url), consent="opt-in"), ACME_TELEMETRY_ENABLED="on")
    client.do(SEARCH)
    house.await_counters({"feature.search": 1})
    told = house.daybeat("off", "acme")
    assert told.returncode == 0
    assert str(client.pid) in told.stdout + told.stderr
    client.do("telemetry.count('feature.kept', 3); telemetry.flush(5)")
    house.settle()
    assert house.held().get("feature.kept") == 3


def test_off_for_all_spares_none(house: House, collector: Collector) -> None:
    house.start_daemon()
    client = house.live_client(acme(https_json(collector.url), consent="opt-in"), ACME_TELEMETRY_ENABLED="on")
    client.do(SEARCH)
    house.await_counters({"feature.search": 1})
    told = house.daybeat("off")
    assert (told.returncode, told.stderr) == (0, "")  # nobody is kept on
    assert "kept on" not in house.daybeat("status").stdout
    client.do(SEARCH)
    for _ in range(3):  # no other product can be the barrier: all are off
        house.daybeat("send", "acme")
    assert house.held() == {}
    assert collector.events("heartbeat") == []


def test_local_collects_and_never_sends(house: House, collector: Collector) -> None:
    assert house.daybeat("local", "acme").returncode == 0
    daemon = house.start_daemon()
    house.run_client(acme(https_json(collector.url)) + SEARCH)
    house.await_counters({"feature.search": 1})
    _sent_nothing(house, collector)
    daemon.stop()
    house.start_daemon()
    assert house.held() == {"feature.search": 1}
    _sent_nothing(house, collector)
    assert collector.requests == []


def test_local_stops_the_sending_of_a_process_that_began_with_on(house: House, collector: Collector) -> None:
    house.start_daemon()
    client = house.live_client(acme(https_json(collector.url)))
    client.do(SEARCH)
    house.await_counters({"feature.search": 1})
    assert house.daybeat("local", "acme").returncode == 0
    client.do(SEARCH)
    house.await_counters({"feature.search": 2})
    _sent_nothing(house, collector)


def test_what_was_collected_under_local_is_not_sent_after_an_opt_in(
    house: House, collector: Collector
) -> None:
    assert house.daybeat("local", "acme").returncode == 0
    house.start_daemon()
    client = acme(https_json(collector.url), consent="opt-in")
    house.run_client(client + "telemetry.count('feature.private', 5)")
    house.await_counters({"feature.private": 5})
    assert house.daybeat("on", "acme").returncode == 0
    assert house.daybeat("preview", "acme").stdout == ""  # none of it would be sent
    assert "feature.private" in house.daybeat("status", "acme").stdout
    house.run_client(client + "telemetry.count('feature.public', 2)\ntelemetry.flush(5)")
    house.await_counters({"feature.public": 2})
    house.send("acme")
    (beat,) = collector.events("heartbeat")
    assert beat["counters"] == {"feature.public": 2}
    assert all(b"feature.private" not in request.body for request in collector.requests)


def test_on_again_after_off_counts_from_then(house: House, collector: Collector) -> None:
    house.start_daemon()
    client = acme(https_json(collector.url))
    house.run_client(client + "telemetry.count('feature.before', 4)\ntelemetry.flush(5)")
    house.await_counters({"feature.before": 4})
    assert house.daybeat("off", "acme").returncode == 0
    house.run_client(client + "telemetry.count('feature.between', 4)\ntelemetry.flush(5)")
    assert house.daybeat("on", "acme").returncode == 0
    house.run_client(client + "telemetry.count('feature.after', 2)\ntelemetry.flush(5)")
    house.await_counters({"feature.after": 2})
    house.send("acme")
    (beat,) = collector.events("heartbeat")
    assert beat["counters"] == {"feature.after": 2}


def test_off_of_one_product_leaves_another_alone(house: House, collector: Collector) -> None:
    house.start_daemon()
    other = acme(https_json(collector.url)).replace("'acme'", "'other'")
    house.run_client(acme(https_json(collector.url)) + SEARCH)
    house.run_client(other + SEARCH)
    house.await_counters({"feature.search": 1})
    house.await_counters({"feature.search": 1}, "other")
    assert house.daybeat("off", "acme").returncode == 0
    assert house.held("other") == {"feature.search": 1}
    house.send()
    assert collector.events("heartbeat", "acme") == []
    assert [beat["counters"] for beat in collector.events("heartbeat", "other")] == [{"feature.search": 1}]
