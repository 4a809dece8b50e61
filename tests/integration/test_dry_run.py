"""`daybeat send --dry-run`: what would go to which sink, with nothing sent and nothing changed."""

from __future__ import annotations

import json

import pytest

from support.collector import Collector
from support.house import House
from support.products import acme, file, https_json
from support.settings import await_counted

COUNT = "telemetry.count('feature.search')\nassert telemetry.flush(10)\n"


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
