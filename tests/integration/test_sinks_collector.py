"""OTLP by way of a real collector: every number that goes in comes out behind it.

A collector's 200 proves nothing: one was seen to answer it and drop histograms without a word. So what counts is what
the receiver behind it decodes. The collector is rotel's, a process of its own.
"""

from __future__ import annotations

import gzip
import importlib.util
import socket
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

import daybeat
from daybeatd.core.heartbeat import Heartbeat
from daybeatd.sinks.contract import Result
from daybeatd.sinks.otlp import FORM, request
from support.beats import first_run, heartbeat
from support.couriers import attempt
from support.endpoints import Endpoint, answering
from support.waiting import DEADLINE, until

ACCEPTED = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@contextmanager
def collector(onward: str, directory: Path) -> Iterator[str]:
    """A running rotel that passes on at once what it gets; the address at which it takes metrics."""
    program, env = _rotel()
    for _ in range(5):  # it can't be given port 0, so another process may be quicker
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        process = subprocess.Popen(
            [
                *(program, "start", "--otlp-http-endpoint", f"127.0.0.1:{port}", "--otlp-grpc-endpoint", "127.0.0.1:0"),
                *("--exporter", "otlp", "--otlp-exporter-protocol", "http", "--otlp-exporter-endpoint", onward),
                *("--batch-timeout", "50ms", "--otlp-exporter-compression", "gzip"),
                *("--pid-file", directory / "rotel.pid", "--log-file", directory / "rotel.log"),
            ],
            cwd=directory,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            until(lambda: process.poll() is not None or _accepts(port), "rotel neither listens nor ends")  # noqa: B023
            if process.poll() is None:
                yield f"http://127.0.0.1:{port}/v1/metrics"
                return
        finally:
            process.kill()
            process.wait(DEADLINE)
    pytest.fail("rotel did not start")


def _rotel() -> tuple[Path, dict[str, str]]:
    """The program and the environment it needs: it is linked with the library of the Python that it was built for."""
    found = importlib.util.find_spec("rotel")
    if found is None or found.origin is None:
        pytest.skip("rotel is not installed: it has no wheel for this system")
    program = Path(found.origin).with_name("rotel-agent")
    env = {"LD_LIBRARY_PATH": str(sysconfig.get_config_var("LIBDIR"))}
    tried = subprocess.run([program, "--version"], env=env, capture_output=True, text=True, timeout=DEADLINE)
    if tried.returncode != 0:
        pytest.skip(f"rotel does not run here: {tried.stderr.strip()}")
    return program, env


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _send(url: str, beat: Heartbeat) -> Result:
    sink = daybeat.otlp(url)
    body = FORM.body(beat, sink)
    delivery = FORM.delivery(sink, beat.beat_id, body)
    return attempt(delivery.url, body, headers=dict(delivery.headers))


def _decoded(raw: bytes) -> ExportMetricsServiceRequest:
    head, _, body = raw.partition(b"\r\n\r\n")
    return ExportMetricsServiceRequest.FromString(gzip.decompress(body) if b"gzip" in head.lower() else body)


def _told(requests: list[ExportMetricsServiceRequest]) -> set[str]:
    """Each resource, and each metric under its resource and scope, as text: a collector may group them anew."""
    told = set()
    for one in requests:
        for resource in one.resource_metrics:
            attributes = sorted(str(attribute) for attribute in resource.resource.attributes)
            for scope in resource.scope_metrics:
                told |= {f"{attributes} {scope.scope} {metric}" for metric in scope.metrics}
    return told


@pytest.mark.parametrize("beat", [heartbeat(), first_run()], ids=["heartbeat", "first run"])
def test_every_number_that_went_in_comes_out_behind_a_collector(beat: Heartbeat, tmp_path: Path) -> None:
    expected = _told([request(beat)])
    with Endpoint(answering(ACCEPTED)) as receiver, collector(f"http://127.0.0.1:{receiver.port}", tmp_path) as url:
        result = _send(url, beat)
        assert result.status == 200
        assert FORM.heard(result.answer) == ""

        def came() -> set[str]:
            return _told([_decoded(raw) for raw in list(receiver.requests)])

        until(lambda: len(came()) >= len(expected), lambda: f"{sorted(expected)}, not {sorted(came())}")
        assert came() == expected


def test_what_is_counted_on_comes_out() -> None:
    """The comparison above compares protobuf with protobuf; this one reads it as a person would."""
    found: dict[str, Any] = {
        metric.name: metric for metric in request(heartbeat()).resource_metrics[0].scope_metrics[0].metrics
    }
    assert found["feature.search"].sum.data_points[0].as_int == 12
    assert sum(point.count for point in found["latency.search"].exponential_histogram.data_points) == 4


@pytest.mark.parametrize("body", [b"\xff" * 50, b"{}"])
def test_a_collector_s_refusal_is_final(body: bytes, tmp_path: Path) -> None:
    with Endpoint(answering(ACCEPTED)) as receiver, collector(f"http://127.0.0.1:{receiver.port}", tmp_path) as url:
        result = attempt(url, body, headers={"Content-Type": "application/x-protobuf"})
    assert 400 <= result.status < 500
    assert not FORM.retried(result.status)
