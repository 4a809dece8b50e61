"""The body of each sink, as it was agreed: one file a sink, a heartbeat and a first run in each.

A body that changes is a change for every receiver. To accept one: UPDATE_GOLDEN=1, then read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import daybeat
from daybeatd.sinks import FORMS
from support.beats import first_run, heartbeat

SINKS = {
    "file": daybeat.file("/var/log/beats.jsonl"),
    "https_json": daybeat.https_json("https://telemetry.acme.dev/v1"),
    "otlp": daybeat.otlp("https://otel.acme.dev/v1/metrics"),
    "posthog": daybeat.posthog("phc_key"),
}


def test_every_sink_has_a_golden_file() -> None:
    assert set(SINKS) == set(FORMS)


@pytest.mark.parametrize("kind", sorted(SINKS))
def test_the_body_is_the_agreed_one(kind: str) -> None:
    form, sink = FORMS[kind], SINKS[kind]
    bodies = [form.body(beat, sink) for beat in (heartbeat(), first_run())]
    shown = "".join(form.show(body).rstrip("\n") + "\n" for body in bodies)
    golden = Path(__file__).with_name(f"{kind}.txt")
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(shown)
    assert shown == golden.read_text()


@pytest.mark.parametrize("kind", sorted(SINKS))
def test_the_same_heartbeat_gives_the_same_bytes(kind: str) -> None:
    form, sink = FORMS[kind], SINKS[kind]
    assert form.body(heartbeat(), sink) == form.body(heartbeat(), sink)
