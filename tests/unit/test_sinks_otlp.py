"""OTLP: every number as it was counted, every bucket as it was filled."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsPartialSuccess,
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)

import daybeat
from daybeatd.core.heartbeat import Heartbeat
from daybeatd.sinks.otlp import FORM, MAX_SPAN, fitted, name_and_tags, resource_attributes
from daybeatd.sinks.packing import unpacked
from support.beats import distribution, first_run, heartbeat

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

SINK = daybeat.otlp("https://otel.acme.dev/v1/metrics", headers={"X-Key": "k"})


def sent(beat: Heartbeat) -> ExportMetricsServiceRequest:
    return ExportMetricsServiceRequest.FromString(unpacked(FORM.body(beat, SINK)))


def metrics(beat: Heartbeat) -> dict[str, Any]:
    (resource,) = sent(beat).resource_metrics
    (scope,) = resource.scope_metrics
    return {metric.name: metric for metric in scope.metrics}


def numbers(metric: Any) -> Iterator[tuple[dict[str, str], int]]:
    for point in metric.sum.data_points:
        yield {found.key: found.value.string_value for found in point.attributes}, point.as_int


def test_the_install_is_the_resource() -> None:
    assert resource_attributes(heartbeat()) == {
        "service.name": "acme",
        "service.version": "2.1.0",
        "service.instance.id": "6f1fd5f6-37ce-4e19-8ec5-b6aa2d4eb2a7",
        "os.type": "linux",
        "host.arch": "amd64",
        "process.runtime.name": "cpython",
        "process.runtime.version": "3.11.7",
        "daybeat.class": "person",
        "daybeat.ci": False,
        "daybeat.libraries.ipython": "8.20.0",
        "daybeat.libraries.pytest": False,
    }


def test_no_attribute_differs_from_beat_to_beat() -> None:
    """An attribute that does makes a new series of every beat, and no store can add them up."""
    one, two = (sent(heartbeat(beat_id=id, sequence=n)) for id, n in (("a", 1), ("b", 2)))
    assert one.resource_metrics[0].resource == two.resource_metrics[0].resource
    assert one.resource_metrics[0].scope_metrics[0].scope == two.resource_metrics[0].scope_metrics[0].scope


def test_counters_are_delta_sums() -> None:
    found = metrics(heartbeat())
    for name, count in (("feature.search", 12), ("cli.build", 2**53)):
        assert list(numbers(found[name])) == [({}, count)]
        assert (found[name].sum.aggregation_temporality, found[name].sum.is_monotonic) == (1, True)
        (point,) = found[name].sum.data_points
        assert point.start_time_unix_nano == 1234481490_000_000_000
        assert point.time_unix_nano == 1234567890_123_000_000


def test_what_daybeat_says_itself() -> None:
    found = metrics(heartbeat())
    errors = [({"error.type": "OtherError"}, 1), ({"error.type": "ValueError"}, 3)]
    assert list(numbers(found["daybeat.errors"])) == errors
    assert list(numbers(found["daybeat.dropped"])) == [({"reason": "undeclared"}, 3)]
    assert list(numbers(found["daybeat.fleet.processes"])) == [({}, 120)]
    assert found["daybeat.fleet.peak"].gauge.data_points[0].as_int == 64
    assert found["daybeat.sequence"].gauge.data_points[0].as_int == 7


def test_a_first_run_is_one_number() -> None:
    found = metrics(first_run())
    assert list(found) == ["daybeat.first_run"]
    assert list(numbers(found["daybeat.first_run"])) == [({}, 1)]


def test_tags_are_attributes_of_one_metric() -> None:
    points = metrics(heartbeat())["latency.search"].exponential_histogram.data_points
    tags = [{found.key: found.value.string_value for found in point.attributes} for point in points]
    assert tags == [{"operation": "build", "size": "L"}, {"operation": "search"}]
    assert name_and_tags("a.b") == ("a.b", {})
    assert name_and_tags("a{k=v w}") == ("a", {"k": "v w"})


_values = st.floats(-1e9, 1e9, allow_nan=False).filter(lambda value: value == 0 or abs(value) > 1e-9)


@UNHURRIED
@given(st.lists(_values, min_size=1, max_size=50))
def test_a_distribution_goes_bucket_by_bucket(values: list[float]) -> None:
    original = distribution("ms", *values)
    (point,) = metrics(heartbeat(distributions={"latency.x": original}))["latency.x"].exponential_histogram.data_points
    assert (point.count, point.scale, point.zero_count) == (len(values), original.scale, values.count(0.0))
    assert (point.min, point.max) == (min(values), max(values))
    assert point.HasField("sum") == (not original.negative)
    for side, buckets in ((point.positive, original.positive), (point.negative, original.negative)):
        filled = {side.offset + index: n for index, n in enumerate(side.bucket_counts) if n}
        assert filled == buckets


_buckets = st.dictionaries(st.integers(-70_000, 70_000), st.integers(1, 9))


@UNHURRIED
@given(_buckets, st.dictionaries(st.integers(-9, 9), st.just(1)))
def test_a_distribution_that_spans_too_much_is_merged_and_loses_nothing(
    positive: dict[int, int], negative: dict[int, int]
) -> None:
    scale, above, below = fitted(6, positive, negative)
    assert (sum(above.values()), sum(below.values())) == (sum(positive.values()), sum(negative.values()))
    assert not above or max(above) - min(above) < MAX_SPAN
    assert set(above) == {index >> (6 - scale) for index in positive}
    if not positive or max(positive) - min(positive) < MAX_SPAN:
        assert (scale, above, below) == (6, positive, negative)


def test_the_address_and_the_headers() -> None:
    body = FORM.body(heartbeat(), SINK)
    delivery = FORM.delivery(SINK, "id", body)
    assert delivery.url == "https://otel.acme.dev/v1/metrics"
    assert delivery.headers == {
        "Content-Type": "application/x-protobuf",
        "Content-Encoding": "gzip",
        "Idempotency-Key": "id",
        "X-Key": "k",
    }
    assert "Content-Encoding" not in FORM.delivery(SINK, "id", FORM.body(first_run(), SINK)).headers


@pytest.mark.parametrize("name", ["Content-Encoding", "content-encoding"])
def test_no_header_of_a_product_denies_how_the_body_is_packed(name: str) -> None:
    sink = daybeat.otlp(SINK.url, headers={name: "identity"})
    headers = FORM.delivery(sink, "id", FORM.body(heartbeat(), sink)).headers
    assert {key.lower(): value for key, value in headers.items()}["content-encoding"] == "gzip"


@pytest.mark.parametrize("status", [0, 200, 400, 401, 404, 408, 413, 429, 500, 501, 502, 503, 504])
def test_otlp_has_a_table_of_its_own_for_what_is_tried_again(status: int) -> None:
    assert FORM.retried(status) is (status in (0, 429, 502, 503, 504))


@pytest.mark.parametrize(
    ("partial", "words"),
    [
        ({}, ""),
        ({"rejected_data_points": 3}, "3 data points were rejected: no reason given"),
        ({"rejected_data_points": 1, "error_message": "too\nold"}, "1 data points were rejected: tooold"),
        ({"error_message": "soon gone"}, "the receiver warns: soon gone"),
    ],
)
def test_a_partial_success_is_heard(partial: dict[str, Any], words: str) -> None:
    answer = ExportMetricsServiceResponse(partial_success=ExportMetricsPartialSuccess(**partial))
    assert FORM.heard(answer.SerializeToString()) == words


@UNHURRIED
@given(st.binary(max_size=300))
def test_any_answer_is_heard_in_one_line(answer: bytes) -> None:
    assert "\n" not in FORM.heard(answer)


def test_without_the_extra_the_sink_says_which_and_the_others_work() -> None:
    """A fresh process in which the package cannot be found, as where the extra was not installed."""
    code = f"""
import sys; sys.path[:0] = {sys.path!r}
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "opentelemetry": raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
import daybeat
from daybeatd.sinks import FORMS
from daybeatd.sinks.contract import MissingExtra
from support.beats import heartbeat
assert "daybeat[otlp]" in FORMS["otlp"].missing()
assert FORMS["otlp"].heard(b"") == "" == FORMS["posthog"].missing()
for call in (lambda: FORMS["otlp"].body(heartbeat(), daybeat.otlp("https://x/")), lambda: FORMS["otlp"].show(b"")):
    try: call()
    except MissingExtra as error: assert "daybeat[otlp]" in str(error)
    else: raise AssertionError("no MissingExtra")
assert FORMS["posthog"].body(heartbeat(), daybeat.posthog("k"))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_with_the_extra_nothing_is_missing() -> None:
    assert FORM.missing() == ""
