"""Damage inside of a stored body, which SQLite does not see: who asks for the history gets an answer, and the rest."""

from __future__ import annotations

import random

import pytest

import daybeat
from daybeat.policy import Sink
from daybeatd.bodies import stored
from daybeatd.sinks import FORMS
from support.beats import heartbeat

SINKS: list[Sink] = [
    daybeat.file("/beats"),
    daybeat.https_json("https://acme.dev"),
    daybeat.otlp("https://acme.dev/v1/metrics"),
    daybeat.posthog("phc_key"),
]


def damaged(body: bytes, chance: random.Random) -> bytes:
    """Cut, overwritten, or something else altogether."""
    there = chance.randrange(len(body))
    noise = chance.randbytes(chance.randrange(1, 9))
    overwritten = body[:there] + noise + body[there + len(noise) :]
    return chance.choice([body[:there], overwritten, noise, b"\x1f\x8b" + noise, b"7"])


@pytest.mark.parametrize("sink", SINKS, ids=lambda sink: sink.kind)
def test_a_damaged_body_is_shown_or_said_to_be_damaged(sink: Sink) -> None:
    form, chance = FORMS[sink.kind], random.Random(7)
    whole = form.body(heartbeat(), sink)
    assert stored(sink.kind, whole) == form.show(whole)
    for _ in range(500):
        body = damaged(whole, chance)
        assert stored(sink.kind, body) is not None
        assert isinstance(form.key_in(body), str)


def test_a_kind_that_nobody_knows_is_damage_too() -> None:
    assert stored("nowhere", b"{}") == "(2 bytes that are damaged)"
