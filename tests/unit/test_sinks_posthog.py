"""PostHog: one anonymous event whose every part is the same on every retry."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

import daybeat
from daybeatd.core.heartbeat import Heartbeat
from daybeatd.sinks.posthog import FORM, properties
from support.beats import first_run, heartbeat

SINK = daybeat.posthog("phc_key", host="https://eu.i.posthog.com/")


def event(beat: Heartbeat) -> dict[str, Any]:
    batch = json.loads(FORM.show(FORM.body(beat, SINK)))
    assert set(batch) == {"api_key", "batch"}
    assert batch["api_key"] == "phc_key"
    (one,) = batch["batch"]
    return dict(one)


@pytest.mark.parametrize(("beat", "name"), [(heartbeat(), "Heartbeat"), (first_run(), "First run")])
def test_the_event_is_known_by_the_beat(beat: Heartbeat, name: str) -> None:
    found = event(beat)
    assert set(found) == {"event", "distinct_id", "uuid", "timestamp", "properties"}
    assert found["event"] == name
    assert found["distinct_id"] == beat.install_id
    assert found["uuid"] == beat.beat_id
    assert found["timestamp"] == "2009-02-13T23:31:30.123+00:00"


@pytest.mark.parametrize("beat", [heartbeat(), first_run()])
def test_the_event_is_anonymous(beat: Heartbeat) -> None:
    found = event(beat)["properties"]
    assert found["$process_person_profile"] is False
    assert found["$geoip_disable"] is True
    assert found["$ip"] == "0.0.0.0"
    assert found["$ignore_sent_at"] is True
    assert (found["$lib"], found["$lib_version"]) == ("acme", "2.1.0")
    assert not {"$set", "$set_once", "$groups", "$host", "$os", "hostname", "sent_at"} & set(found)


def test_numbers_are_flat() -> None:
    found = properties(heartbeat())
    assert found["feature.search"] == 12
    assert found["latency.search{operation=search}.count"] == 3
    assert found["latency.search{operation=search}.unit"] == "ms"
    assert found["errors.ValueError"] == 3
    assert (found["fleet.processes"], found["fleet.peak"]) == (120, 64)
    assert found["os.family"] == "Linux"
    assert found["window.start"] == 1234481490.0
    assert found["dropped.undeclared"] == 3
    assert not any(isinstance(value, dict | list) for value in found.values())


def test_a_counter_hides_nothing() -> None:
    names = ("os.family", "fleet.peak", "sequence", "counters.sequence", "ip", "latency.size.count")
    counters = {name: number for number, name in enumerate(names)}
    found = properties(heartbeat(counters=counters))
    assert (found["os.family"], found["fleet.peak"], found["sequence"]) == ("Linux", 64, 7)
    assert found["counters.os.family"] == 0
    assert found["counters.fleet.peak"] == 1
    assert {found["counters.sequence"], found["counters.counters.sequence"]} == {2, 3}
    assert len(found) == len(properties(heartbeat(counters={}))) + len(names)


def test_the_address_and_the_headers() -> None:
    body = FORM.body(first_run(), SINK)
    delivery = FORM.delivery(SINK, "id", body)
    assert delivery.url == "https://eu.i.posthog.com/batch/"
    assert delivery.headers == {"Content-Type": "application/json"}
    assert FORM.delivery(daybeat.posthog("k"), "id", body).url == "https://us.i.posthog.com/batch/"


def test_a_body_above_a_kilobyte_is_compressed_and_says_so() -> None:
    body = FORM.body(heartbeat(), SINK)
    assert FORM.delivery(SINK, "id", body).headers["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(body)) > 1024
    assert body[4:8] == bytes(4)  # no time in it
    assert len(FORM.body(first_run(), SINK)) <= 1024


@pytest.mark.parametrize("status", [0, 200, 301, 400, 401, 408, 410, 413, 429, 500, 502, 503, 504])
def test_what_is_tried_again(status: int) -> None:
    assert FORM.retried(status) is (status in (0, 408, 429) or status >= 500)
