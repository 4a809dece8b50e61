"""docs/privacy.md against the code, in both directions: a field that can leave and is not on the page fails the build.

The fields come from bodies made by the sinks' own forms of a heartbeat that has everything, and its system facts from
the client's own look at this machine, judged by the daemon's own rule.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from daybeat import environment, policy, privacy, vocabulary, wire
from daybeat.policy import Sink
from daybeatd.core.heartbeat import Heartbeat
from daybeatd.sinks import FORMS
from support import beats
from support.privacy_page import fields_on_page, headers_on_page

SINKS = {
    "https_json": policy.https_json("https://telemetry.acme.dev/v1", headers={"X-Acme": "1"}),
    "file": policy.file("/var/log/acme.jsonl"),
    "posthog": policy.posthog("phc_key"),
    "otlp": policy.otlp("https://telemetry.acme.dev/v1/metrics", headers={"X-Acme": "1"}),
}
#: What a product or a process names, each with the word that stands for it on the page.
NAMED = {
    "feature.search": "<counter>",
    "latency.search{operation=search}": "<distribution>",
    "latency.search": "<distribution>",
    "size.delta": "<distribution>",
    "ValueError": "<type>",
    "operation": "<tag>",
    "libraries.acme": "libraries.<product>",
}


def system() -> dict[str, Any]:
    """Every fact that the rule keeps, of all that a client of ours sends and of all that another could."""
    fixed = ["os.family", "os.machine", "os.containerized", *vocabulary.LIBRARIES]
    facts = dict.fromkeys([*fixed, "libraries.acme", "libraries.other", "host.name", "ci", "user"], "1.0")
    kept = privacy.system(facts | environment.collect_system_specs(), "acme")
    return {name: True if fact is None else fact for name, fact in kept.items()}


def heartbeats() -> list[Heartbeat]:
    """Of everything something, and only names that `NAMED` knows."""
    full = beats.heartbeat(
        system=system(),
        counters={"feature.search": 12},
        distributions={
            "latency.search{operation=search}": beats.distribution("ms", 9.0, 12.4),
            "size.delta": beats.distribution("By", -3.0, 0.0, 1e6),
        },
        errors={"ValueError": 3},
        dropped=dict.fromkeys(wire.REASONS, 1),
    )
    nothing: dict[str, Any] = {"counters": {}, "distributions": {}, "errors": {}, "dropped": {}}
    first = beats.heartbeat(kind="first_run", sequence=0, processes=0, peak=0, system=system(), **nothing)
    return [full, first]


def sent(kind: str) -> set[str]:
    """The fields of all bodies of one sink."""
    found: set[str] = set()
    for heartbeat in heartbeats():
        body = FORMS[kind].body(heartbeat, SINKS[kind])
        document = json.loads(FORMS[kind].show(body))
        found |= set(_of_otlp(document) if kind == "otlp" else _fields("", document))
    return found


def _fields(path: str, value: Any) -> Iterator[str]:
    """`events[].window.start`: the leaves of a JSON document, with what a product names replaced."""
    if isinstance(value, list):
        for item in value:
            yield from _fields(f"{path}[]", item)
    elif isinstance(value, dict):
        for key, inner in value.items():
            words = ((name, word) for name, word in NAMED.items() if key.startswith(name))
            shown = next((f"{word}{key.removeprefix(name)}" for name, word in words), key)
            shown = shown.replace("errors.ValueError", "errors.<type>")
            yield from _fields(f"{path}.{shown}" if path else shown, inner)
    else:
        yield path


def _of_otlp(document: dict[str, Any]) -> Iterator[str]:
    """The same for OTLP, whose names are values: resource attributes, metrics, and the parts of a metric."""
    for resource in document["resourceMetrics"]:
        assert set(resource) == {"resource", "scopeMetrics"}
        assert set(resource["resource"]) == {"attributes"}
        for attribute in resource["resource"]["attributes"]:
            yield "resource " + attribute["key"].replace("libraries.acme", "libraries.<product>")
        for scope in resource["scopeMetrics"]:
            yield from (f"scope.{key}" for key in scope.pop("scope"))
            assert set(scope) == {"metrics"}
            for metric in scope["metrics"]:
                name = metric.pop("name")
                yield f"metric {NAMED.get(name, name)}"
                yield from (_without_attributes(field) for field in _fields("", metric))
                points = next(value for value in metric.values() if isinstance(value, dict))["dataPoints"]
                for point in points:
                    for attribute in point.get("attributes", []):
                        yield f"attribute {NAMED.get(attribute['key'], attribute['key'])}"


def _without_attributes(field: str) -> str:
    return re.sub(r"attributes\[\]\..*", "attributes", field)


def test_the_helper_finds_every_leaf() -> None:
    found = set(_fields("", {"a": [{"b": 1}, {"c": {"feature.search": 2}}], "latency.search{operation=search}": 3}))
    assert found == {"a[].b", "a[].c.<counter>", "<distribution>"}


@pytest.mark.parametrize("kind", sorted(SINKS))
def test_the_page_names_every_field_that_can_be_sent_and_no_other(kind: str) -> None:
    assert fields_on_page(kind) == sent(kind)


@pytest.mark.parametrize("kind", sorted(SINKS))
def test_the_page_names_every_header_that_a_sink_asks_for(kind: str) -> None:
    """What the courier adds itself is compared with a real request, in the integration tests."""
    sink: Sink = SINKS[kind]
    asked: set[str] = set()
    for heartbeat in heartbeats():
        asked |= set(FORMS[kind].delivery(sink, "0", FORMS[kind].body(heartbeat, sink)).headers)
    named = {header.lower() for header in headers_on_page()}
    assert {header.lower() for header in asked - {"X-Acme"}} <= named


def test_every_sink_is_on_the_page() -> None:
    assert set(SINKS) == set(FORMS)


def test_every_field_has_a_reason_and_an_example() -> None:
    """`fields_on_page` reads whole rows, and refuses one with an empty cell."""
    for kind in SINKS:
        assert fields_on_page(kind)
    assert headers_on_page()
