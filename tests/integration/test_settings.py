"""`config.toml` through the real daemon: the person's word before the product's, noticed while the daemon runs."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from support.collector import Answer, Collector
from support.house import House
from support.products import acme, https_json
from support.settings import configure, status

COUNT = "telemetry.count('feature.search')\nassert telemetry.flush(10)\n"


def test_another_place_than_the_products_own(house: House, collector: Collector) -> None:
    with Collector() as mine:
        headers = '{ Authorization = "Bearer hush" }'
        configure(house, f'[products.acme]\nsink = "https_json"\nendpoint = "{mine.url}"\nheaders = {headers}\n')
        house.start_daemon()
        house.run_client(acme(https_json(collector.url)) + COUNT)
        house.send("acme")
        (beat,) = mine.events()
        assert beat["counters"] == {"feature.search": 1}
        assert {request.headers["authorization"] for request in mine.requests} == {"Bearer hush"}
        assert collector.requests == []


@pytest.mark.parametrize("own", ["None", "'https://127.0.0.1:9/'"])
def test_a_file_for_what_has_another_sink_or_none(house: House, own: str) -> None:
    target = house.root / "mine.jsonl"
    configure(house, f'[products.acme]\nsink = "file"\nendpoint = "{target}"\n')
    house.start_daemon()
    house.run_client(acme("None" if own == "None" else f"daybeat.https_json({own})") + COUNT)
    house.send("acme")
    kinds = [json.loads(line)["events"][0]["event_type"] for line in target.read_text().splitlines()]
    assert sorted(kinds) == ["first_run", "heartbeat"]


def test_no_settings_give_consent(house: House) -> None:
    target = house.root / "mine.jsonl"
    configure(house, f'[products.acme]\nsink = "file"\nendpoint = "{target}"\n')
    house.start_daemon()
    house.choose("acme", "local")
    house.run_client(acme() + COUNT)
    assert house.send("acme").stdout.strip() == "nothing to send"
    assert not target.exists()
    assert house.held() == {"feature.search": 1}


@pytest.mark.parametrize("text", ["send = false", "[products.acme]\nsend = false", "[products.acme]\nsink = 'none'"])
def test_nothing_is_sent_and_why_is_said(house: House, collector: Collector, text: str) -> None:
    configure(house, text)
    house.start_daemon()
    house.run_client(acme(https_json(collector.url)) + COUNT)
    sent = house.send("acme")
    assert sent.stdout.strip() == "nothing to send"
    assert "acme sends nothing: " in sent.stderr
    if "send" in text:
        assert "config.toml says send = false" in sent.stderr
    assert collector.requests == []
    assert house.held() == {"feature.search": 1}


def test_a_change_is_noticed_while_the_daemon_runs(house: House, collector: Collector) -> None:
    house.start_daemon()
    client = house.live_client(acme(https_json(collector.url)))
    client.do(COUNT)
    collector.await_events(1, "first_run")
    configure(house, "send = false\n")
    assert "send = false" in house.send("acme").stderr
    assert collector.events() == []
    (house.config / "config.toml").unlink()
    house.send("acme")
    assert [beat["counters"] for beat in collector.events()] == [{"feature.search": 1}]


def test_what_was_counted_for_one_place_never_goes_to_another(house: House, collector: Collector) -> None:
    with Collector() as mine:
        house.start_daemon()
        client = house.live_client(acme(https_json(collector.url)))
        client.do(COUNT)
        collector.await_events(1, "first_run")
        configure(house, f'[products.acme]\nsink = "https_json"\nendpoint = "{mine.url}"\n')
        status(house)
        client.do("telemetry.count('feature.search', 5)\nassert telemetry.flush(10)")
        house.send("acme")
        assert [beat["counters"] for beat in mine.events()] == [{"feature.search": 5}]
        assert collector.events() == []
        held = [each for each in status(house)["streams"] if each["counters"]]
        assert [(each["counters"], each["held"]) for each in held] == [
            ({"feature.search": 1}, "it goes elsewhere now, by config.toml")
        ]


def test_what_waits_is_not_sent_against_the_person_s_word(house: House, collector: Collector) -> None:
    """It was built and attempted before: the retry is held back, and goes when it may."""
    collector.answer(then=Answer(503))
    house.start_daemon()
    house.run_client(acme(https_json(collector.url, retry_attempts=0)) + COUNT)
    assert house.daybeat("send", "acme").returncode == 1
    configure(house, '[products.acme]\nsink = "none"\n')
    before = len(collector.requests)
    assert house.send("acme").stdout.strip() == "nothing to send"
    assert len(collector.requests) == before
    configure(house, "")
    collector.answer()
    house.send("acme")
    assert {beat["beat_id"] for beat in collector.events()} == {collector.events()[0]["beat_id"]}


def _hours_around_now(house: House, begin: int, end: int) -> None:
    now = datetime.now().astimezone()
    times = [(now + timedelta(hours=hours)).strftime("%H:%M") for hours in (begin, end)]
    configure(house, f'quiet_hours = "{times[0]}-{times[1]}"\n')


def test_quiet_hours_hold_back_attempts_and_not_a_person(house: House, collector: Collector) -> None:
    _hours_around_now(house, -2, 4)
    house.start_daemon()
    house.run_client(acme(https_json(collector.url)) + COUNT)
    (parcel,) = status(house)["outbox"]  # built
    assert (parcel["kind"], parcel["state"], parcel["attempts"]) == ("first_run", "waiting", 0)
    house.settle()
    assert collector.requests == []
    house.send("acme")
    assert len(collector.events()) == 1


def test_when_the_quiet_is_over_what_waits_goes(house: House, collector: Collector) -> None:
    _hours_around_now(house, -2, 4)
    house.start_daemon()
    house.run_client(acme(https_json(collector.url)) + COUNT)
    assert status(house)["outbox"]
    _hours_around_now(house, 2, 4)
    status(house)  # whoever asks makes the daemon look
    collector.await_events(1, "first_run")


def test_a_fault_is_logged_once_shown_and_costs_no_more_than_it_must(house: House, collector: Collector) -> None:
    configure(house, 'quiet_hours = "hush"\n[products.other]\nsink = "hush"\n')
    daemon = house.start_daemon()
    house.run_client(acme(https_json(collector.url)) + COUNT)
    house.send("acme")
    assert len(collector.events()) == 1
    assert daemon.log.count("config.toml:1: quiet_hours: ") == 1
    assert daemon.log.count("config.toml:3: products.other.sink: ") == 1
    shown = json.loads(house.daybeat("status", "--json").stdout)["daemon"]["settings"]
    assert len(shown) == 2
    assert all(fault in house.daybeat("status").stdout for fault in shown)
    assert "hush" not in daemon.log + house.daybeat("status").stdout


def test_a_proxy_of_the_settings_is_not_asked_for_this_machine_itself(house: House, collector: Collector) -> None:
    """Plain HTTP would leave it. That the proxy reaches the courier is seen with a name that only it can find."""
    with Collector() as proxy:
        configure(house, f'proxy = "{proxy.url.removesuffix("/v1")}"\n')
        house.start_daemon()
        house.run_client(acme(https_json(collector.url)) + COUNT)
        house.send("acme")
        assert proxy.requests == []
        house.run_client(acme(https_json("https://daybeat.invalid/", retry_attempts=0), version="3.0") + COUNT)
        sent = house.daybeat("send", "acme")
        assert sent.returncode == 1
        assert "the proxy refused (501)" in sent.stdout  # it knows no CONNECT


# The commands.


def test_config_init_writes_a_sample_once(house: House) -> None:
    written = house.daybeat("config", "init")
    path = house.config / "config.toml"
    assert (written.returncode, written.stdout.strip()) == (0, str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text()
    assert all(line.startswith("#") or not line for line in text.splitlines())
    assert house.daybeat("config", "check").returncode == 0
    path.write_text("# mine\n")
    again = house.daybeat("config", "init")
    assert again.returncode == 1
    assert len(again.stderr.splitlines()) == 1
    assert path.read_text() == "# mine\n"


def test_config_init_makes_the_directory(house: House) -> None:
    place = house.root / "new" / "place"
    assert house.daybeat("config", "init", DAYBEAT_CONFIG_DIR=str(place)).returncode == 0
    assert place.stat().st_mode & 0o777 == 0o700


def test_config_check_tells_each_fault(house: House) -> None:
    assert house.daybeat("config", "check").returncode == 0  # there is none yet
    configure(house, 'send = "hush"\nquiet_hours = 3\n')
    checked = house.daybeat("config", "check")
    assert checked.returncode == 1
    assert [line.partition(": ")[0] for line in checked.stdout.splitlines()] == [
        f"{house.config}/config.toml:{line}" for line in (1, 2)
    ]
    assert checked.stderr.strip() == "daybeat: 2 faults"


def test_config_check_minds_who_can_read_a_key(house: House) -> None:
    configure(house, '[products.acme]\nsink = "posthog"\nkey = "hush"\n')
    assert house.daybeat("config", "check").returncode == 0
    Path(house.config / "config.toml").chmod(0o644)
    checked = house.daybeat("config", "check")
    assert checked.returncode == 1
    assert "chmod 600" in checked.stdout
