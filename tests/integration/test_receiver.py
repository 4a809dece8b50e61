"""The receiver in docs/examples, as it stands, behind a real daemon; and the schema of what it receives."""

from __future__ import annotations

import json
import socket
import sqlite3
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from support.environment import REPOSITORY
from support.house import House
from support.products import acme, https_json
from support.waiting import until

RECEIVER = REPOSITORY / "docs" / "examples" / "receiver.py"
SCHEMA = json.loads((REPOSITORY / "docs" / "heartbeat.schema.json").read_text())

#: The tester's own proxy knows nothing of this machine's ports.
PAST_PROXIES = urllib.request.build_opener(urllib.request.ProxyHandler({}))

REPORT = """
for number in range(40):
    telemetry.count(f'feature.number-{number}', number + 1)
for value in (-1.5, 0, 12.5, 1e9):
    telemetry.observe('latency.search', value, unit='ms')
telemetry.observe('latency.search', 2.0, unit='ms', tags={'operation': 'search'})
telemetry.error(ValueError('hush'))
telemetry.count('never.declared')
assert telemetry.flush(10)
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def start(house: House) -> tuple[int, Path]:
    """The example in a process of its own; its port and its database."""
    database = house.root / "beats.db"
    for _ in range(5):  # another process may be quicker and have the port
        port = free_port()
        process = house.launch(str(RECEIVER), str(port), str(database))
        until(lambda: process.poll() is not None or listens(port), "it neither listens nor ends")  # noqa: B023
        if process.poll() is None:
            return port, database
    pytest.fail("the receiver did not start")


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def stored(database: Path) -> list[dict[str, Any]]:
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT body FROM beat ORDER BY rowid").fetchall()
    connection.close()
    return [json.loads(body) for (body,) in rows]


def test_the_receiver_stores_each_beat_once_and_its_body_is_as_the_schema_says(house: House) -> None:
    port, database = start(house)
    house.start_daemon()
    sink = https_json(f"http://127.0.0.1:{port}/v1")
    for sequence in (1, 2):
        house.run_client(acme(sink, tags={"operation": ["search"]}) + REPORT)
        house.send("acme")
        assert [event["sequence"] for event in stored(database) if event["event_type"] == "heartbeat"][-1] == sequence
    events = stored(database)
    assert sorted(event["event_type"] for event in events) == ["first_run", "heartbeat", "heartbeat"]
    assert [event["counters"]["feature.number-39"] for event in events if "counters" in event] == [40, 40]
    for event in events:
        jsonschema.validate({"events": [event], "version": "1.0", "timestamp": event["timestamp"]}, SCHEMA)
    # The receiver allows gzip, so the second heartbeat came compressed.
    (stream,) = json.loads(house.daybeat("status", "acme", "--json").stdout)["products"]["acme"]["streams"]
    assert stream["outgoing"] == "gzip"


def test_a_repeated_beat_id_is_ignored(house: House) -> None:
    port, database = start(house)
    beat = {"beat_id": "0e8bb4d5-5ac6-4f29-9b8e-7ee4b1c7b9a1", "product": "acme", "timestamp": 1.0}
    for n in (1, 2):
        body = json.dumps({"events": [beat | {"n": n}]}).encode()
        with PAST_PROXIES.open(f"http://127.0.0.1:{port}/", body, timeout=30) as answer:
            assert answer.status == 204
    assert [event["n"] for event in stored(database)] == [1]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"events": 3}', b'{"events": [{}]}', b"\xff"])
def test_what_is_no_heartbeat_is_refused(house: House, body: bytes) -> None:
    port, database = start(house)
    with pytest.raises(urllib.error.HTTPError) as refused:
        PAST_PROXIES.open(f"http://127.0.0.1:{port}/", body, timeout=30)
    assert refused.value.code == 400
    refused.value.close()
    assert stored(database) == []


def test_the_example_is_short() -> None:
    """About thirty lines: whoever runs it has read it."""
    code = [line for line in RECEIVER.read_text().splitlines() if line.strip()]
    assert len(code) <= 40
