"""`file` writes the body, one a line; no sink keeps everything here, and shows it."""

from __future__ import annotations

import json

from support.collector import Collector
from support.house import House
from support.outcomes import masked
from support.products import acme, file, https_json

SEARCH = "telemetry.count('feature.search', 3)\n"


def test_the_file_sink_writes_one_body_a_line(house: House) -> None:
    target = house.root / "beats.jsonl"
    house.start_daemon()
    for number in (1, 2):
        house.run_client(acme(file(str(target))) + SEARCH)
        house.await_counters({"feature.search": 3})
        preview = house.daybeat("preview", "acme").stdout
        house.send("acme")
        bodies = [line for line in target.read_text().splitlines() if '"heartbeat"' in line]
        assert len(bodies) == number
        assert masked(bodies[-1]) == masked(preview)
    events = [event for line in target.read_text().splitlines() for event in json.loads(line)["events"]]
    kinds = [event["event_type"] for event in events]
    assert sorted(kinds) == ["first_run", "heartbeat", "heartbeat"]
    assert target.read_bytes().endswith(b"\n")


def test_a_file_that_cannot_be_written_fails_and_keeps_the_numbers(house: House) -> None:
    house.start_daemon()
    house.run_client(acme(file(str(house.root / "absent" / "beats.jsonl"))) + SEARCH)
    house.await_counters({"feature.search": 3})
    sent = house.daybeat("send", "acme")
    assert sent.returncode == 1
    (house.root / "absent").mkdir()
    house.send("acme")
    (body,) = [
        line
        for line in (house.root / "absent" / "beats.jsonl").read_text().splitlines()
        if "heartbeat" in line
    ]
    (beat,) = [event for event in json.loads(body)["events"] if event["event_type"] == "heartbeat"]
    assert beat["counters"] == {"feature.search": 3}


def test_without_a_sink_the_numbers_stay_here_and_the_preview_shows_them(house: House) -> None:
    daemon = house.start_daemon()
    house.run_client(acme() + SEARCH)
    house.await_counters({"feature.search": 3})
    shown = json.loads(house.daybeat("preview", "acme").stdout)
    assert set(shown) == {"events", "version", "timestamp"}
    sent = house.send("acme")
    assert sent.stdout.strip()  # nothing to send is said
    daemon.stop()
    house.start_daemon()
    assert house.held() == {"feature.search": 3}


def test_numbers_bound_for_different_places_are_never_mixed(house: House, collector: Collector) -> None:
    with Collector() as second:
        house.start_daemon()
        for url, number in ((collector.url, 2), (second.url, 5)):
            house.run_client(
                acme(https_json(url)) + f"telemetry.count('feature.search', {number})\ntelemetry.flush(5)"
            )
        house.settle()
        house.send("acme")
        assert [beat["counters"] for beat in collector.events()] == [{"feature.search": 2}]
        assert [beat["counters"] for beat in second.events()] == [{"feature.search": 5}]


def test_two_versions_with_one_sink_share_their_numbers(house: House, collector: Collector) -> None:
    house.start_daemon()
    for version, declared, name in (("1.0", ["feature.*"], "feature.old"), ("2.0", ["cli.*"], "cli.new")):
        client = acme(https_json(collector.url), version=version, declare=declared)
        house.run_client(
            client + f"telemetry.count('{name}')\ntelemetry.count('latency.never')\ntelemetry.flush(5)"
        )
    house.await_counters({"feature.old": 1, "cli.new": 1})
    house.send("acme")
    assert [beat["counters"] for beat in collector.events()] == [{"feature.old": 1, "cli.new": 1}]
