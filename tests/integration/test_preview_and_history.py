"""What is shown is what leaves: `preview` before, `history` after, byte for byte."""

from __future__ import annotations

import json

from support.collector import Collector
from support.house import House
from support.outcomes import holds_body, masked
from support.products import acme, https_json

REPORT = (
    "telemetry.count('feature.search', 3)\n"
    "telemetry.observe('latency.search', 12.5, unit='ms')\n"
    "telemetry.error(ValueError())\n"
)


def _reported(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(acme(https_json(collector.url)) + REPORT)
    house.await_counters({"feature.search": 3})
    collector.await_events(1, "first_run")


def test_the_preview_is_the_sent_body_but_for_two_values(house: House, collector: Collector) -> None:
    _reported(house, collector)
    shown = house.daybeat("preview", "acme")
    assert (shown.returncode, shown.stderr) == (0, "")
    house.send("acme")
    (request,) = collector.carrying("heartbeat")
    assert masked(shown.stdout) == masked(request.body.decode())


def test_two_previews_promise_the_same_beat(house: House, collector: Collector) -> None:
    _reported(house, collector)
    first, second = house.daybeat("preview", "acme"), house.daybeat("preview", "acme")
    assert masked(first.stdout) == masked(second.stdout)
    assert collector.events("heartbeat") == []


def test_the_beat_id_and_the_window_survive_a_restart(house: House) -> None:
    daemon = house.start_daemon()
    house.run_client(acme() + REPORT)
    house.await_counters({"feature.search": 3})
    before = house.daybeat("preview", "acme").stdout
    daemon.stop()
    house.start_daemon()
    assert masked(house.daybeat("preview", "acme").stdout) == masked(before)


def test_after_a_send_the_preview_holds_none_of_what_left(house: House, collector: Collector) -> None:
    _reported(house, collector)
    house.send("acme")
    assert house.held() == {}


def test_the_history_has_the_exact_body_and_the_answer(house: House, collector: Collector) -> None:
    _reported(house, collector)
    house.send("acme")
    (request,) = collector.carrying("heartbeat")
    shown = house.daybeat("history", "acme", "--json")
    assert (shown.returncode, shown.stderr) == (0, "")
    history = json.loads(shown.stdout)
    assert holds_body(history, request.body.decode())
    assert "200" in shown.stdout


def test_the_history_outlives_the_daemon_and_is_readable_by_a_person(
    house: House, collector: Collector
) -> None:
    daemon = house.start_daemon()
    house.run_client(acme(https_json(collector.url)) + REPORT)
    house.await_counters({"feature.search": 3})
    house.send("acme")
    daemon.stop()
    house.start_daemon()
    (beat,) = collector.events("heartbeat")
    assert "last answer: 200" in house.daybeat("status", "acme").stdout
    shown = house.daybeat("history", "acme")
    assert shown.returncode == 0
    assert "acme" in shown.stdout
    assert "200" in shown.stdout
    assert beat["beat_id"] in house.daybeat("history", "--json").stdout


def test_the_send_prints_the_answer(house: House, collector: Collector) -> None:
    _reported(house, collector)
    sent = house.send("acme")
    assert "200" in sent.stdout


def test_a_send_of_nothing_says_so_and_is_no_failure(house: House, collector: Collector) -> None:
    _reported(house, collector)
    house.send("acme")
    again = house.send("acme")
    assert again.stdout.strip()
    assert len(collector.events("heartbeat")) == 1


def test_a_send_without_a_product_sends_each(house: House, collector: Collector) -> None:
    _reported(house, collector)
    house.run_client(acme(https_json(collector.url)).replace("'acme'", "'other'") + REPORT)
    house.await_counters({"feature.search": 3}, "other")
    house.send()
    assert [len(collector.events("heartbeat", name)) for name in ("acme", "other")] == [1, 1]


def test_a_preview_has_a_line_for_each_place_and_each_product(house: House, collector: Collector) -> None:
    _reported(house, collector)
    house.run_client(acme() + "telemetry.count('feature.search', 4)\n")
    house.run_client(acme().replace("'acme'", "'other'") + "telemetry.count('feature.search', 5)\n")
    house.await_counters({"feature.search": 5}, "other")
    house.await_counters({"feature.search": 7})

    def shown(*name: str) -> list[tuple[str, int]]:
        lines = house.daybeat("preview", *name).stdout.splitlines()
        beats = [event for line in lines for event in json.loads(line)["events"]]
        assert len(beats) == len(lines)
        return sorted((beat["product"], beat["counters"]["feature.search"]) for beat in beats)

    assert shown("acme") == [("acme", 3), ("acme", 4)]
    assert shown() == [("acme", 3), ("acme", 4), ("other", 5)]
    assert "one a line" in " ".join(house.daybeat("preview", "--help").stdout.split())
