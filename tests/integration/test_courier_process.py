"""The courier as a process: its pipes, its signals, its end."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from daybeatd.courier_wire import MAX_REQUEST, pack_request
from daybeatd.sinks.contract import Delivery, Result
from support.couriers import Courier
from support.endpoints import OK, Endpoint, answering, read_request
from support.waiting import until

TAKEN = Result(status=200, words="200 OK", answer=b"ok")


def stalling(connection: socket.socket, endpoint: Endpoint) -> None:
    """Read the request and never answer."""
    read_request(connection, endpoint)
    endpoint.closing.wait()


def test_a_stalled_attempt_holds_up_no_other() -> None:
    with Endpoint(stalling) as stalled, Endpoint(answering(OK)) as endpoint, Courier() as courier:
        courier.ask("stalled", Delivery(url=stalled.url(), timeout=120))
        until(lambda: stalled.requests, "the first request")
        for number in ("1", "2"):
            courier.ask(number, Delivery(url=endpoint.url()))
            assert courier.told() == (number, TAKEN)


def test_the_end_of_its_input_ends_it_after_what_is_under_way() -> None:
    with Endpoint(answering(OK)) as endpoint, Courier() as courier:
        for number in range(5):
            courier.ask(str(number), Delivery(url=endpoint.url()))
        code, output, errors = courier.end()
    assert (code, errors) == (0, b"")
    assert output.count(b"200 OK") == 5


def test_it_ends_when_there_is_no_work() -> None:
    with Courier("from daybeatd.courier import main; main(idle=0.2)") as courier:
        assert courier.rest() == (0, b"", b"")


def test_an_attempt_under_way_is_work() -> None:
    with Endpoint(stalling) as endpoint, Courier("from daybeatd.courier import main; main(idle=0.1)") as courier:
        courier.ask("one", Delivery(url=endpoint.url(), timeout=3))
        assert courier.told()[1].words == "timed out after 3 s without an answer"
        assert courier.rest() == (0, b"", b"")


def test_sigterm_ends_it_at_once() -> None:
    with Endpoint(stalling) as endpoint, Courier() as courier:
        courier.ask("one", Delivery(url=endpoint.url(), timeout=120))
        until(lambda: endpoint.requests, "the request")
        assert courier.end(signal.SIGTERM) == (-signal.SIGTERM, b"", b"")


def test_sigint_is_ignored() -> None:
    with Endpoint(answering(OK)) as endpoint, Courier() as courier:
        for number in ("1", "2"):
            courier.ask(number, Delivery(url=endpoint.url()))
            assert courier.told() == (number, TAKEN)
            courier.process.send_signal(signal.SIGINT)
        assert courier.end() == (0, b"", b"")


def test_it_ends_when_nobody_reads_its_results() -> None:
    with Endpoint(stalling) as endpoint, Courier() as courier:
        courier.ask("one", Delivery(url=endpoint.url(), timeout=120))
        until(lambda: endpoint.requests, "the request")
        assert courier.process.stdout is not None
        courier.process.stdout.close()
        assert courier.rest() == (0, b"", b"")


@pytest.mark.parametrize(
    "data",
    [b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\x01\xc1", b"\0\0\0\x01\x80", (MAX_REQUEST + 1).to_bytes(4, "big")],
    ids=["http", "no msgpack", "an empty map", "too long"],
)
def test_what_is_no_request_ends_it_with_1_and_without_a_word(data: bytes) -> None:
    with Courier() as courier:
        courier.write(data)
        assert courier.end() == (1, b"", b"")


def test_a_request_that_ends_in_the_middle_is_none() -> None:
    with Courier() as courier:
        courier.write(pack_request("one", Delivery(url="https://127.0.0.1/"), b"{}")[:-1])
        assert courier.end() == (0, b"", b"")


def test_a_file_is_written_by_the_courier_as_well(tmp_path: Path) -> None:
    path = tmp_path / "beats.jsonl"
    with Courier() as courier:
        courier.ask("one", Delivery(path=str(path)), b'{"n":1}\n')
        id, result = courier.told()
        assert (id, result.status, result.words) == ("one", 200, "written to the file")
        courier.ask("two", Delivery(path=str(tmp_path / "absent" / "beats.jsonl")), b"{}\n")
        id, result = courier.told()
        assert (id, result.status) == ("two", 0)
        assert result.words == "the file could not be made: its directory does not exist"
        assert courier.end() == (0, b"", b"")
    assert path.read_bytes() == b'{"n":1}\n'


def test_the_daemon_s_side_of_it_loads_no_http() -> None:
    heavy = {"httpx", "httpcore", "ssl", "asyncio", "truststore", "opentelemetry", "google.protobuf"}
    code = f"import daybeatd.courier_wire, daybeatd.sinks; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
