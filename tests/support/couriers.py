"""A real courier process, and the one attempt that most tests make with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from types import TracebackType

from daybeatd.courier_wire import HEAD_BYTES, MAX_RESULT, length, pack_request, unpack_result
from daybeatd.sinks.contract import Delivery, Result
from support import environment
from support.waiting import DEADLINE

SECRET = "hush-4711"
"""In every address, header and body that goes out here; never in words."""


class Courier:
    """`python -m daybeatd.courier`, or `code` in its place, with an environment without proxies."""

    def __init__(self, code: str = "", **env: str) -> None:
        environ = environment.inherited() | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONWARNINGS": "default"} | env
        self.process = subprocess.Popen(
            [sys.executable, *(["-c", code] if code else ["-m", "daybeatd.courier"])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environ,
        )

    def __enter__(self) -> Courier:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait(DEADLINE)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            try:
                stream.close()
            except BrokenPipeError:
                continue

    def write(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def ask(self, id: str, delivery: Delivery, body: bytes = b"{}\n", proxy: str = "", ca: str = "") -> None:
        """Write one request."""
        self.write(pack_request(id, delivery, body, proxy, ca))

    def told(self) -> tuple[str, Result]:
        """The next result; pytest's own limit bounds the wait."""
        assert self.process.stdout is not None
        head = self.process.stdout.read(HEAD_BYTES)
        assert len(head) == HEAD_BYTES, f"the courier ended: {self.end()}"
        return unpack_result(self.process.stdout.read(length(head, MAX_RESULT)))

    def end(self, number: signal.Signals | None = None) -> tuple[int, bytes, bytes]:
        """Signal it, or else close its input; its exit code, the rest of its output and what it wrote to stderr."""
        if number is not None:
            self.process.send_signal(number)
            return self.rest()
        output, errors = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode, output, errors

    def rest(self) -> tuple[int, bytes, bytes]:
        """The same, with its input left open."""
        code = self.process.wait(DEADLINE)
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        output = b"" if self.process.stdout.closed else self.process.stdout.read()
        return code, output, self.process.stderr.read()


def attempt(
    url: str,
    body: bytes = b'{"secret": "%s"}' % SECRET.encode(),
    *,
    timeout: float = 20.0,
    proxy: str = "",
    ca: str = "",
    headers: dict[str, str] | None = None,
    **env: str,
) -> Result:
    """POST `body` to `url` by a courier of its own, which must end well, in silence and without telling secrets."""
    own = {"Content-Type": "application/json", "Authorization": f"Bearer {SECRET}"} | (headers or {})
    with Courier(**env) as courier:
        courier.ask("one", Delivery(url=url, headers=own, timeout=timeout), body, proxy, ca)
        id, result = courier.told()
        assert id == "one"
        assert courier.end() == (0, b"", b"")
    assert SECRET not in result.words
    return result
