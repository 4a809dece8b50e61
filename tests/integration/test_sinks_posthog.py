"""PostHog, held against its own library: the same event by both, to one server, each difference with its reason."""

from __future__ import annotations

import datetime
import gzip
import importlib.util
import json
import subprocess
import sys
from typing import Any

import pytest

import daybeat
from daybeatd.sinks.posthog import FORM
from support.beats import heartbeat
from support.couriers import attempt
from support.endpoints import Endpoint, answering, response
from support.environment import inherited

KEY = "phc_key"
BEAT = heartbeat()

LEFT_OUT = {
    "body sent_at": "PostHog shifts the timestamp by it, and a retry near midnight would not be merged",
    "body historical_migration": "false is what its absence means",
    "property $is_server": "it keeps servers out of device charts; an install is neither",
    "property $os": "the product's own facts say it: os.family",
    "property $os_distro": "not among the facts that are collected",
    "property $os_version": "not among the facts that are collected",
    "property $python_runtime": "the product's own facts say it: python.implementation",
    "property $python_version": "the product's own facts say it: python.version",
}
ADDED = {
    "property $ip": "without it the address of the sender is stored",
    "property $ignore_sent_at": "the timestamp stays as it is on every retry",
}
OTHER = {
    "header user-agent": "who sends it",
    "header content-length": "what is in it",
    "header accept-encoding": "an answer is kept as it came, so it must not be compressed",
    "property $lib": "the product is what reports",
    "property $lib_version": "the product is what reports",
}


def _by_posthog(url: str) -> None:
    """Its own library in a process of its own: it starts threads and changes logging."""
    code = f"""
import datetime, posthog
client = posthog.Posthog({KEY!r}, host={url!r}, gzip=True, disable_geoip=True)
when = datetime.datetime.fromtimestamp({BEAT.end!r}, datetime.timezone.utc)
client.capture("Heartbeat", distinct_id={BEAT.install_id!r}, uuid={BEAT.beat_id!r}, timestamp=when,
               properties={{"$process_person_profile": False, **{_reported()!r}}})
client.shutdown()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=inherited())
    assert done.returncode == 0, done.stderr


def _reported() -> dict[str, Any]:
    """What the product itself reports, without PostHog's own properties."""
    event = json.loads(FORM.show(FORM.body(BEAT, daybeat.posthog(KEY))))["batch"][0]
    return {name: value for name, value in event["properties"].items() if not name.startswith("$")}


def _parts(raw: bytes) -> dict[str, Any]:
    """A request as one flat map of everything that can differ."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    batch = json.loads(gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body)
    (event,) = batch.pop("batch")
    properties = event.pop("properties")
    event["timestamp"] = datetime.datetime.fromisoformat(event["timestamp"])
    parts = {"request": first}
    for kind, found in (("header", headers), ("body", batch), ("event", event), ("property", properties)):
        parts |= {f"{kind} {name}": value for name, value in found.items()}
    return parts


def test_every_difference_from_posthog_s_own_library_has_its_reason() -> None:
    if importlib.util.find_spec("posthog") is None:
        pytest.skip("PostHog's own library is not installed")
    with Endpoint(answering(response(200, body=b'{"status": "Ok"}'))) as endpoint:
        url = f"http://127.0.0.1:{endpoint.port}"
        _by_posthog(url)
        sink = daybeat.posthog(KEY, host=url)
        body = FORM.body(BEAT, sink)
        delivery = FORM.delivery(sink, BEAT.beat_id, body)
        assert attempt(delivery.url, body, headers={"authorization": ""} | dict(delivery.headers)).status == 200
    theirs, ours = (_parts(raw) for raw in endpoint.requests)
    for one in (theirs, ours):
        one.pop("header authorization", None)  # the test's own
    assert theirs.keys() - ours.keys() == LEFT_OUT.keys()
    assert ours.keys() - theirs.keys() == ADDED.keys()
    assert {name for name in theirs.keys() & ours.keys() if theirs[name] != ours[name]} == OTHER.keys()
