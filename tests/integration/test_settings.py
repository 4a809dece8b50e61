"""`config.toml` through the real daemon: the person's word before the product's, noticed while the daemon runs."""

from __future__ import annotations

import gzip
import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from support.collector import Answer, Collector
from support.house import House
from support.products import acme, file, https_json
from support.settings import await_counted, configure, history, status, stream
from support.waiting import until

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


# gzip, when the last answer allowed it.


def test_a_body_is_compressed_after_an_answer_that_allows_it(house: House, collector: Collector) -> None:
    allowing = Answer(headers=(("Accept-Encoding", "br, gzip;q=0.5"),))
    collector.answer(then=allowing)
    daemon = house.start_daemon()
    many = "".join(f"telemetry.count('feature.number{n}')\n" for n in range(20)) + "assert telemetry.flush(10)\n"
    house.run_client(acme(https_json(collector.url), declare=[f"feature.number{n}" for n in range(20)]) + many)
    collector.await_events(1, "first_run")
    await_counted(house, 20)
    assert stream(house, "https_json")["outgoing"] == "gzip"
    daemon.stop()
    house.start_daemon()  # it is remembered
    collector.answer(then=Answer())
    tried = [house.daybeat("send", "--dry-run", "acme", "--sink", kind).stderr for kind in ("https_json", "file")]
    assert [said.split()[-1] for said in tried] == ["gzip", "identity"]
    house.send("acme")
    request = collector.requests[-1]
    assert request.headers["content-encoding"] == "gzip"
    assert history(house)[-1]["body"] == gzip.decompress(request.body).decode()
    house.run_client(acme(https_json(collector.url), declare=[f"feature.number{n}" for n in range(20)]) + many)
    await_counted(house, 20)
    house.send("acme")  # the last answer did not allow it
    assert "content-encoding" not in collector.requests[-1].headers


# A dry run.


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("https_json", '"feature.search":1'),
        ("file", '"feature.search":1'),
        ("posthog", '"distinct_id"'),
        ("otlp", '"aggregationTemporality": "AGGREGATION_TEMPORALITY_DELTA"'),
    ],
)
def test_a_dry_run_prints_what_would_go_decoded(house: House, collector: Collector, kind: str, part: str) -> None:
    house.start_daemon()
    house.run_client(acme(https_json(collector.url)) + COUNT)
    await_counted(house, 1)
    shown = house.daybeat("send", "--dry-run", "acme", "--sink", kind)
    assert shown.returncode == 0
    assert part in shown.stdout
    assert "feature.search" in shown.stdout
    json.loads(shown.stdout)
    assert "bytes" in shown.stderr
    assert collector.events() == []
    assert house.held() == {"feature.search": 1}


def test_a_dry_run_to_its_own_sink(house: House) -> None:
    house.start_daemon()
    house.run_client(acme(file(str(house.root / "beats"))) + COUNT)
    await_counted(house, 1)
    shown = house.daybeat("send", "--dry-run", "acme")
    assert json.loads(shown.stdout)["events"][0]["counters"] == {"feature.search": 1}
    assert str(house.root / "beats") in shown.stderr
    assert '"heartbeat"' not in (house.root / "beats").read_text()


def test_a_sink_can_be_named_for_a_dry_run_alone(house: House) -> None:
    refused = house.daybeat("send", "acme", "--sink", "otlp")
    assert refused.returncode == 2
    assert "--dry-run" in refused.stderr


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


# OpenTelemetry: without its extra, and with half a success.


def test_without_its_extra_a_sink_is_held_and_the_numbers_wait(house: House, collector: Collector) -> None:
    """A package of that name without what is needed stands before the real one."""
    shadow = house.root / "shadow" / "opentelemetry"
    shadow.mkdir(parents=True)
    (shadow / "__init__.py").touch()
    path = os.pathsep.join([str(shadow.parent), house.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    daemon = house.start_daemon(PYTHONPATH=path)
    house.run_client(acme(f"daybeat.otlp({collector.url!r})") + COUNT)
    await_counted(house, 1)
    for command in (("status",), ("preview", "acme"), ("send", "acme"), ("export", "acme")):
        shown = house.daybeat(*command)
        assert shown.returncode == 0
        assert "daybeat[otlp]" in shown.stdout + shown.stderr, command
    assert house.daybeat("send", "--dry-run", "acme").returncode == 1
    assert collector.requests == []
    daemon.stop()
    house.start_daemon()
    house.send("acme")
    assert len(collector.requests) == 2  # the first run and the heartbeat


def test_half_a_success_is_final_and_shown(house: House, collector: Collector) -> None:
    rejecting = b"\x0a\x0b\x08\x03\x12\x07[b] old"  # ExportMetricsServiceResponse: 3 rejected data points
    collector.answer(Answer(), then=Answer(body=rejecting))
    house.start_daemon()
    house.run_client(acme(f"daybeat.otlp({collector.url!r})") + COUNT)
    await_counted(house, 1)
    until(lambda: len(collector.requests) == 1, "the first run should come before the heartbeat")
    house.send("acme")
    assert len(collector.requests) == 2
    words = "200 OK; 3 data points were rejected: [b] old"
    assert [entry["answer"] for entry in history(house)] == [words]
    assert stream(house, "otlp")["last_answer"] == words
    assert words in house.daybeat("status").stdout
