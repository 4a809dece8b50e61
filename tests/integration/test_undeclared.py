"""Privacy is an allowlist: what is not declared is dropped and counted, wherever it comes from."""

from __future__ import annotations

import pytest

from support.collector import Collector
from support.house import House
from support.products import acme, https_json

#: Looks harmless, is identifying: nothing that carries it may be seen anywhere behind the client.
SECRET = "jane_doe"


def test_undeclared_names_are_dropped_and_counted(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(
        acme(https_json(collector.url)) + "telemetry.count('feature.search', 2)\n"
        f"telemetry.count('{SECRET}.one')\ntelemetry.count('user.{SECRET}')\n"
        f"telemetry.observe('{SECRET}', 2.0)\n"
    )
    house.await_counters({"feature.search": 2})
    house.settle()
    house.send("acme")
    (beat,) = collector.events("heartbeat")
    assert beat["counters"] == {"feature.search": 2}
    assert beat["distributions"] == {}
    assert beat["dropped"] == {"undeclared": 3, "unsafe": 0, "overflow": 0, "lost": 0, "version": 0}
    assert all(SECRET.encode() not in request.body for request in collector.requests)


@pytest.mark.parametrize(
    "name",
    [
        "Feature.Search",
        "feature.jane doe",
        "feature..search",
        "feature",
        "",
        "feature.jané",
        "feature.a.b.c.d.e.f",
        "feature." + "x" * 65,
        "feature.search\n",
        "features.search",
    ],
)
def test_a_name_that_is_none_or_not_covered_is_dropped_and_counted(house: House, name: str) -> None:
    house.start_daemon()
    house.run_client(acme() + f"telemetry.count({name!r})\ntelemetry.count('cli.end')\n")
    house.await_counters({"cli.end": 1})
    beat = house.beat()
    assert beat["counters"] == {"cli.end": 1}
    assert sum(beat["dropped"].values()) == 1


def test_a_star_covers_one_or_more_segments_and_only_whole_ones(house: House) -> None:
    house.start_daemon()
    house.run_client(
        acme(declare=["feature.*", "a.*.z"])
        + "for name in ('feature.x', 'feature.x.y', 'a.b.z', 'a.b.c.z', 'a.z', 'feature', 'f.y', 'a.b.zz'):\n"
        "    telemetry.count(name)\n"
    )
    house.await_counters({"feature.x": 1, "feature.x.y": 1, "a.b.z": 1, "a.b.c.z": 1})
    beat = house.beat()
    assert beat["dropped"]["undeclared"] == 4


def test_the_default_declaration_is_four_families(house: House) -> None:
    house.start_daemon()
    house.run_client(
        "import daybeat\ntelemetry = daybeat.Telemetry('acme', consent='opt-out')\n"
        "for name in ('feature.x', 'cli.x', 'workflow.x', 'tutorial.x', 'latency.x'):\n"
        "    telemetry.count(name)\n"
    )
    house.await_counters({"feature.x": 1, "cli.x": 1, "workflow.x": 1, "tutorial.x": 1})


def test_an_undeclared_tag_is_left_off_and_the_number_stays(house: House, collector: Collector) -> None:
    house.start_daemon()
    client = acme(https_json(collector.url), tags={"operation": ["search", "build"]})
    house.run_client(
        client + f"telemetry.observe('latency.x', 1.0, tags={{'operation': '{SECRET}'}})\n"
        f"telemetry.observe('latency.x', 2.0, tags={{'{SECRET}': 'search'}})\n"
        f"telemetry.observe('latency.x', 3.0, tags={{'operation': 'build', 'user': '{SECRET}'}})\n"
        "telemetry.count('cli.end')\n"
    )
    house.await_counters({"cli.end": 1})
    house.send("acme")
    (beat,) = collector.events("heartbeat")
    counts = {name: each["count"] for name, each in beat["distributions"].items()}
    assert counts == {"latency.x": 2, "latency.x{operation=build}": 1}
    assert sum(beat["dropped"].values()) == 3
    assert all(SECRET.encode() not in request.body for request in collector.requests)


def test_an_errors_message_never_leaves_the_process(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(
        acme(https_json(collector.url)) + f"telemetry.error(ValueError('{SECRET}'))\n"
        f"telemetry.error('ValueError: {SECRET}')\ntelemetry.count('cli.end')\n"
    )
    house.await_counters({"cli.end": 1})
    house.send("acme")
    (beat,) = collector.events("heartbeat")
    assert beat["errors"] == {"ValueError": 1, "OtherError": 1}
    assert all(SECRET.encode() not in request.body for request in collector.requests)
    stored = b"".join(path.read_bytes() for path in house.state.rglob("*") if path.is_file())
    assert SECRET.encode() not in stored
