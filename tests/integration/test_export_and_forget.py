"""All that is held can be seen, and all of it can be erased, from the disk too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.collector import Answer, Collector
from support.house import House
from support.products import acme, https_json

SECRET = "Bearer-of-nothing-good"


def _count(house: House, collector: Collector, name: str = "feature.search") -> None:
    sink = https_json(collector.url, headers={"Authorization": SECRET}, retry_attempts=0)
    house.run_client(acme(sink) + f"telemetry.count({name!r}); telemetry.flush(5)")


def _export(house: House) -> dict[str, Any]:
    done = house.daybeat("export", "acme")
    assert done.returncode == 0, done.stderr
    assert SECRET not in done.stdout
    held: dict[str, Any] = json.loads(done.stdout)["acme"]
    return held


def test_export_shows_what_is_pending_what_waits_and_what_was_sent(house: House, collector: Collector) -> None:
    house.start_daemon()
    _count(house, collector)
    assert house.daybeat("send", "acme").returncode == 0
    collector.answer(then=Answer(503))
    _count(house, collector, "feature.build")
    assert house.daybeat("send", "acme").returncode == 1
    _count(house, collector, "feature.open")
    held = _export(house)
    kinds = [entry["kind"] for entry in held["history"]]
    assert sorted(kinds) == ["first_run", "heartbeat"]
    (waiting,) = held["waiting"]
    assert json.loads(waiting["body"])["events"][0]["counters"] == {"feature.build": 1}
    (pending,) = held["bodies"]
    assert json.loads(pending)["events"][0]["counters"] == {"feature.open": 1}
    assert [change["choice"] for change in held["consent_changes"]] == ["on by default"]


def test_export_is_exact_whatever_the_headers_are(house: House, collector: Collector) -> None:
    """A header may be as plain as this; credentials are left out of an export, not what is like a header."""
    house.start_daemon()
    headers = {"X-Env": "1", "X-Product": "acme", "X-What": "e"}
    house.run_client(acme(https_json(collector.url, headers=headers)) + "telemetry.count('feature.search', 1111)")
    house.await_counters({"feature.search": 1111})
    house.send("acme")
    held = _export(house)
    assert [entry["body"] for entry in held["history"]] == [request.body.decode() for request in collector.requests]
    assert held["install_id"] == collector.events()[0]["install_id"]


def test_forget_erases_it_all_and_begins_anew(house: House, collector: Collector) -> None:
    daemon = house.start_daemon()
    _count(house, collector, "feature.remarkable")
    assert house.daybeat("send", "acme").returncode == 0
    _count(house, collector, "feature.remarkable")
    before = _export(house)
    done = house.daybeat("forget", "acme", "--yes")
    assert done.returncode == 0, done.stderr
    assert before["install_id"] in done.stdout, "the vendor can be told which install to delete"
    after = _export(house)
    assert after["install_id"] != before["install_id"]
    assert after["history"] == after["bodies"] == after["waiting"] == after["consent_changes"] == []
    assert daemon.stop() == 0
    for file in house.state.glob("daybeat.db*"):
        assert b"remarkable" not in file.read_bytes()
        assert before["install_id"].encode() not in file.read_bytes()
    house.start_daemon()
    _count(house, collector)
    assert _export(house)["install_id"] == after["install_id"]
    assert len(collector.events("first_run")) == 1


def test_off_deletes_what_is_held_and_unsent(house: House, collector: Collector) -> None:
    daemon = house.start_daemon()
    collector.answer(then=Answer(503))
    _count(house, collector, "feature.remarkable")
    house.daybeat("send", "acme")
    _count(house, collector, "feature.remarkable")
    assert house.daybeat("off", "acme").returncode == 0
    held = _export(house)
    assert held["waiting"] == held["bodies"] == held["streams"] == []
    collector.answer()
    came = len(collector.requests)
    assert house.daybeat("send", "acme").returncode == 0
    assert len(collector.requests) == came
    assert daemon.stop() == 0
    assert all(b"remarkable" not in file.read_bytes() for file in house.state.glob("daybeat.db*"))


@pytest.mark.parametrize("by", ["environment", "default"])
def test_off_names_the_processes_that_their_environment_keeps_on(house: House, collector: Collector, by: str) -> None:
    house.start_daemon()
    environ = {"ACME_TELEMETRY_ENABLED": "1"} if by == "environment" else {}
    client = house.live_client(acme(https_json(collector.url)), **environ)
    client.do("telemetry.count('feature.search'); telemetry.flush(5)")
    house.await_counters({"feature.search": 1})
    done = house.daybeat("off", "acme")
    assert done.returncode == 0
    assert (f"process {client.process.pid}" in done.stderr) is (by == "environment")
    assert client.end() == (0, "")
