"""docs/heartbeat.schema.json says what https_json and file send: what is sent holds it, what is not does not."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from daybeatd.core.heartbeat import Heartbeat, fit
from daybeatd.sinks.https_json import render
from support.beats import SYSTEM, first_run, heartbeat
from support.environment import REPOSITORY

SCHEMA = json.loads((REPOSITORY / "docs" / "heartbeat.schema.json").read_text())
# What leaves has been through `privacy.system`, which knows no "ci".
FACTS = {name: fact for name, fact in SYSTEM.items() if name != "ci"}


def body(beat: Heartbeat) -> Any:
    return json.loads(render(beat))


def full() -> Heartbeat:
    return heartbeat(system=FACTS)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "beat",
    [
        full(),
        heartbeat(system=FACTS, counters={"__other__": 1, "a.b.c.d.e.f": 2**53}, distributions={}, errors={}),
        heartbeat(system={}, dropped=dict.fromkeys(("undeclared", "unsafe", "overflow", "lost", "version"), 2**53)),
        fit(full(), lambda beat: len(render(beat)), 700),
        Heartbeat(**{**{name: getattr(first_run(), name) for name in Heartbeat.__slots__}, "system": FACTS}),
    ],
    ids=["full", "names", "empty system", "cut", "first run"],
)
def test_what_is_sent_holds_it(beat: Heartbeat) -> None:
    jsonschema.validate(body(beat), SCHEMA)


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("beat_id", "7"),
        ("sequence", 0),
        ("counters", {"feature.search": -1}),
        ("counters", {"feature.search": 1.5}),
        ("counters", {"Feature": 1}),
        ("counters", {"a.b.c.d.e.f.g": 1}),
        ("distributions", {"latency.search": {"unit": "ms"}}),
        ("class", "robot"),
        ("fleet", {"processes": 1}),
        ("dropped", {}),
        ("system", {"user.name": "jane"}),
        ("hostname", "jane-s-laptop"),
    ],
)
def test_what_is_not_sent_does_not(where: str, value: object) -> None:
    document = body(full())
    document["events"][0][where] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)


def test_nothing_that_is_sent_may_be_left_out() -> None:
    for name in body(full())["events"][0]:
        document = body(full())
        del document["events"][0][name]
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(document, SCHEMA)
