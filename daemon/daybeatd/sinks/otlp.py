"""OpenTelemetry: an ExportMetricsServiceRequest, protobuf over HTTP, POSTed to an address exactly as given.

The install is the resource, the product the scope. Counters are delta sums under their own names, distributions
exponential histograms, bucket by bucket as they are; tags are attributes. What daybeat says itself is named
`daybeat.…`: `errors` (by `error.type`), `dropped` (by `reason`) and `fleet.processes` are delta sums, `fleet.peak` and
`sequence` gauges. OTLP has no events: a first run is the delta sum `daybeat.first_run` of 1, so that its total counts
installs. The beat id is told in the header `Idempotency-Key` alone: as an attribute it would make each beat a series.

Needs the extra `daybeat[otlp]`, which is imported at first use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from daybeat.policy import Sink
from daybeatd.core.distribution import Buckets, Distribution
from daybeatd.core.heartbeat import FIRST_RUN, Heartbeat
from daybeatd.sinks.contract import Delivery, Form, MissingExtra
from daybeatd.sinks.packing import encoding, packed, unpacked

if TYPE_CHECKING:
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
    from opentelemetry.proto.common.v1.common_pb2 import KeyValue
    from opentelemetry.proto.metrics.v1.metrics_pb2 import ExponentialHistogramDataPoint, Metric

RETRIED = (0, 429, 502, 503, 504)
"""OTLP's own table (opentelemetry.io/docs/specs/otlp, "Retryable Response Codes"); 0 is no answer."""

MAX_SPAN = 4096
"""Buckets from the first to the last, the empty ones included, which OTLP carries too: a ratio of 2**64 at scale 6.

Of a distribution that spans more, neighbours are merged, as the specification says, until it fits.
"""

_EXTRA = "the sink otlp needs an extra: pip install 'daybeat[otlp]'"

# The closed sets of the semantic conventions; what is not here goes as it is, in lower case.
_OS_TYPES = {"Linux": "linux", "Darwin": "darwin", "Windows": "windows"}
_ARCHES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm32", "i686": "x86", "ppc64le": "ppc64"}
_CONVENTIONAL = ("os.family", "os.machine", "python.version", "python.implementation")


def missing() -> str:
    try:
        return "" if find_spec("opentelemetry.proto.collector.metrics") else _EXTRA
    except ImportError:
        return _EXTRA


def body(heartbeat: Heartbeat, sink: Sink) -> bytes:
    """Raises MissingExtra."""
    serialized: bytes = request(heartbeat).SerializeToString(deterministic=True)
    return packed(serialized)


def request(heartbeat: Heartbeat) -> ExportMetricsServiceRequest:
    """The message itself. Raises MissingExtra."""
    if missing():
        raise MissingExtra(_EXTRA)
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
    from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
    from opentelemetry.proto.metrics.v1.metrics_pb2 import ResourceMetrics, ScopeMetrics
    from opentelemetry.proto.resource.v1.resource_pb2 import Resource

    scope = InstrumentationScope(name="daybeat", version=heartbeat.product_version)
    metrics = ScopeMetrics(scope=scope, metrics=_metrics(heartbeat))
    resource = Resource(attributes=_attributes(resource_attributes(heartbeat)))
    return ExportMetricsServiceRequest(resource_metrics=[ResourceMetrics(resource=resource, scope_metrics=[metrics])])


def resource_attributes(heartbeat: Heartbeat) -> dict[str, str | bool]:
    """The install, by the semantic conventions; facts for which there is none as `daybeat.<fact>`."""
    system = heartbeat.system
    family, machine = str(system.get("os.family", "")), str(system.get("os.machine", ""))
    found: dict[str, str | bool] = {
        "service.name": heartbeat.product,
        "service.version": heartbeat.product_version,
        "service.instance.id": heartbeat.install_id,
        "os.type": _OS_TYPES.get(family, family.lower()),
        "host.arch": _ARCHES.get(machine, machine.lower()),
        "process.runtime.name": str(system.get("python.implementation", "")),
        "process.runtime.version": str(system.get("python.version", "")),
        "daybeat.class": heartbeat.host_class,
    }
    found |= {
        f"daybeat.{name}": value
        for name, value in sorted(system.items())
        if name not in _CONVENTIONAL and value is not None
    }
    return {name: value for name, value in found.items() if value != ""}


class Window(NamedTuple):
    """What the numbers cover, in nanoseconds since 1970: from the end of the window before to the end of this one."""

    start: int
    end: int


def _metrics(heartbeat: Heartbeat) -> list[Metric]:
    when = Window(_nanoseconds(heartbeat.start), _nanoseconds(heartbeat.end))
    if heartbeat.kind == FIRST_RUN:
        return [_sum("daybeat.first_run", [({}, 1)], when)]
    dropped = [({"reason": reason}, n) for reason, n in sorted(heartbeat.dropped.items()) if n]
    errors = [({"error.type": name}, n) for name, n in sorted(heartbeat.errors.items())]
    return [
        *(_sum(name, [({}, n)], when) for name, n in sorted(heartbeat.counters.items())),
        *_histograms(heartbeat.distributions, when),
        *([_sum("daybeat.errors", errors, when)] if errors else []),
        *([_sum("daybeat.dropped", dropped, when)] if dropped else []),
        _sum("daybeat.fleet.processes", [({}, heartbeat.processes)], when),
        _gauge("daybeat.fleet.peak", heartbeat.peak, when),
        _gauge("daybeat.sequence", heartbeat.sequence, when),
    ]


def _sum(name: str, points: Iterable[tuple[Mapping[str, str], int]], when: Window) -> Metric:
    from opentelemetry.proto.metrics.v1.metrics_pb2 import AGGREGATION_TEMPORALITY_DELTA as DELTA
    from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric, NumberDataPoint, Sum

    made = [
        NumberDataPoint(
            attributes=_attributes(found), as_int=n, start_time_unix_nano=when.start, time_unix_nano=when.end
        )
        for found, n in points
    ]
    return Metric(name=name, unit="1", sum=Sum(data_points=made, aggregation_temporality=DELTA, is_monotonic=True))


def _gauge(name: str, value: int, when: Window) -> Metric:
    from opentelemetry.proto.metrics.v1.metrics_pb2 import Gauge, Metric, NumberDataPoint

    point = NumberDataPoint(as_int=value, time_unix_nano=when.end)
    return Metric(name=name, unit="1", gauge=Gauge(data_points=[point]))


def _histograms(distributions: Mapping[str, Distribution], when: Window) -> list[Metric]:
    """One metric for each name and unit, one data point in it for each set of tags."""
    from opentelemetry.proto.metrics.v1.metrics_pb2 import AGGREGATION_TEMPORALITY_DELTA as DELTA
    from opentelemetry.proto.metrics.v1.metrics_pb2 import ExponentialHistogram, Metric

    points: dict[tuple[str, str], list[ExponentialHistogramDataPoint]] = {}
    for key, found in sorted(distributions.items()):
        name, tags = name_and_tags(key)
        points.setdefault((name, found.unit), []).append(_point(found, tags, when))
    return [
        Metric(
            name=name,
            unit=unit,
            exponential_histogram=ExponentialHistogram(data_points=made, aggregation_temporality=DELTA),
        )
        for (name, unit), made in points.items()
    ]


def _point(found: Distribution, tags: Mapping[str, str], when: Window) -> ExponentialHistogramDataPoint:
    from opentelemetry.proto.metrics.v1.metrics_pb2 import ExponentialHistogramDataPoint as Point

    scale, positive, negative = fitted(found.scale, found.positive, found.negative)
    point = Point(
        attributes=_attributes(tags),
        count=found.count,
        scale=scale,
        zero_count=found.zero,
        positive=Point.Buckets(offset=min(positive, default=0), bucket_counts=dense(positive)),
        negative=Point.Buckets(offset=min(negative, default=0), bucket_counts=dense(negative)),
        min=found.minimum,
        max=found.maximum,
        start_time_unix_nano=when.start,
        time_unix_nano=when.end,
    )
    if not negative:  # the protocol: with negative values there is no sum
        point.sum = found.total
    return point


def fitted(scale: int, positive: Buckets, negative: Buckets) -> tuple[int, Buckets, Buckets]:
    """The scale and buckets, coarser by halving where one side would span more than `MAX_SPAN`."""
    while max(map(_span, (positive, negative))) > MAX_SPAN:
        scale, positive, negative = scale - 1, _halved(positive), _halved(negative)
    return scale, positive, negative


def _span(side: Buckets) -> int:
    return max(side) - min(side) + 1 if side else 0


def _halved(side: Buckets) -> Buckets:
    halved: Buckets = {}
    for index, n in side.items():
        halved[index >> 1] = halved.get(index >> 1, 0) + n
    return halved


def dense(side: Buckets) -> list[int]:
    """The counts from the first bucket to the last, the empty ones between them included."""
    return [side.get(index, 0) for index in range(min(side), max(side) + 1)] if side else []


def name_and_tags(key: str) -> tuple[str, dict[str, str]]:
    """`latency.search{operation=search}` as a name and its tags."""
    name, _, rest = key.partition("{")
    pairs = (pair.partition("=") for pair in rest.removesuffix("}").split(",") if pair)
    return name, {tag: value for tag, _, value in pairs}


def _attributes(found: Mapping[str, str | bool]) -> list[KeyValue]:
    from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

    return [
        KeyValue(key=key, value=AnyValue(bool_value=value) if isinstance(value, bool) else AnyValue(string_value=value))
        for key, value in found.items()
    ]


def _nanoseconds(seconds: float) -> int:
    """A float of seconds since 1970 is exact to a microsecond, not to a nanosecond."""
    return round(seconds * 1_000_000) * 1000


def delivery(sink: Sink, beat_id: str, body: bytes) -> Delivery:
    own = {"Content-Type": "application/x-protobuf", "Idempotency-Key": beat_id}
    return Delivery(url=sink.url, headers=own | dict(sink.headers) | encoding(body), timeout=sink.timeout)


def show(body: bytes) -> str:
    """The request as OTLP's JSON. Raises MissingExtra, and ValueError for what is no request."""
    if missing():
        raise MissingExtra(_EXTRA)
    from google.protobuf.json_format import MessageToJson
    from google.protobuf.message import DecodeError
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

    try:
        request = ExportMetricsServiceRequest.FromString(unpacked(body))
    except DecodeError as error:
        raise ValueError("it is no OTLP request") from error
    text: str = MessageToJson(request, indent=2)
    return text


def heard(answer: bytes) -> str:
    """What a receiver that took the request says about it: a partial success is final, and people are told."""
    if missing():
        return ""
    from google.protobuf.message import DecodeError
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse

    try:
        partial = ExportMetricsServiceResponse.FromString(answer).partial_success
    except DecodeError:
        return ""
    said = "".join(character for character in partial.error_message[:200] if character.isprintable())
    if partial.rejected_data_points:
        return f"{partial.rejected_data_points} data points were rejected: {said or 'no reason given'}"
    return f"the receiver warns: {said}" if said else ""


FORM = Form(
    body=body,
    delivery=delivery,
    show=show,
    retried=RETRIED.__contains__,
    missing=missing,
    heard=heard,
)
