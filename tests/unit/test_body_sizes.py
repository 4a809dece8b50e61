"""The sizes that docs/self-hosting.md reckons with are those of real bodies, to a tenth."""

from __future__ import annotations

import random
import re

import pytest

import daybeat
from daybeat.privacy import MAX_HEARTBEAT
from daybeatd.core.heartbeat import Heartbeat, fit
from daybeatd.sinks import FORMS
from daybeatd.sinks.https_json import render
from daybeatd.sinks.otlp import request
from daybeatd.sinks.packing import packed, unpacked
from support.beats import SYSTEM, distribution, heartbeat
from support.environment import REPOSITORY

PAGE = (REPOSITORY / "docs" / "self-hosting.md").read_text()
OTLP = daybeat.otlp("https://otel.acme.dev/v1/metrics")
POSTHOG = daybeat.posthog("phc_" + "k" * 43)


def beat(counters: int, distributions: int, values: int = 200) -> Heartbeat:
    """Log-normal values, as durations are; names as long as names are."""
    chance = random.Random(1)
    made = heartbeat(
        system={name: fact for name, fact in SYSTEM.items() if name != "ci"},
        counters={f"feature.name-{number:03d}": chance.randrange(1, 5000) for number in range(counters)},
        distributions={
            f"latency.step-{number}": distribution("ms", *(chance.lognormvariate(3, 1) for _ in range(values)))
            for number in range(distributions)
        },
    )
    return fit(made, lambda each: len(render(each)), MAX_HEARTBEAT)


def measured(made: Heartbeat) -> list[int]:
    """Data points, https_json and compressed, otlp and compressed, posthog."""
    otlp = FORMS["otlp"].body(made, OTLP)
    points = sum(
        len(metric.sum.data_points) + len(metric.gauge.data_points) + len(metric.exponential_histogram.data_points)
        for metric in request(made).resource_metrics[0].scope_metrics[0].metrics
    )
    body = render(made)
    posthog = FORMS["posthog"].body(made, POSTHOG)
    return [points, len(body), len(packed(body)), len(unpacked(otlp)), len(otlp), len(posthog)]


@pytest.mark.parametrize(
    ("row", "made"),
    [
        ("small", beat(5, 0)),
        ("ordinary", beat(20, 4)),
        ("large", beat(100, 20, 1000)),
        ("the largest by counters", beat(508, 0)),
        ("the largest by distributions", beat(0, 200, 2000)),
    ],
)
def test_the_sizes_on_the_page(row: str, made: Heartbeat) -> None:
    (line,) = re.findall(rf"^\| {row}[:|, ].*$", PAGE, re.M)
    told = [int(cell.replace(",", "")) for cell in re.findall(r"\| *([\d,]+) *(?=\|)", line)]
    assert told == pytest.approx(measured(made), rel=0.1), measured(made)
