"""A house: one user's directories, environment and processes, real and temporary."""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from support import environment
from support.processes import Daemon, LiveClient, marked, sweep
from support.products import product
from support.waiting import DEADLINE, until

Completed = subprocess.CompletedProcess[str]


class House:
    """Everything of one test. The root is short, directly under /tmp: a unix socket's path has 107 bytes."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="db-", dir="/tmp"))
        for name in ("home", "run", "state", "config"):
            (self.root / name).mkdir(mode=0o700)
        self.runtime, self.state, self.config = (self.root / name for name in ("run", "state", "config"))
        self.environ = environment.for_house(self.root)
        self._number = itertools.count()
        self._barrier = 0
        self._children: list[subprocess.Popen[Any]] = []
        self._daemons: list[Daemon] = []

    def __enter__(self) -> House:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self._children:
            child.kill()
        sweep(self.root)
        for child in self._children:
            child.wait(DEADLINE)
            if child.stdin is not None:  # a live client's stdout is closed by its reader
                _close_quietly(child.stdin)
        for daemon in self._daemons:
            if daemon.log:  # pytest shows this with a failed test alone
                print(f"--- the log of daybeatd {daemon.pid}\n{daemon.log}")
        shutil.rmtree(self.root, ignore_errors=True)

    # processes

    def start_daemon(self, *args: str, **env: str) -> Daemon:
        """A real `daybeatd` that answers on both sockets."""
        daemon = self.launch_daemon(*args, **env)
        until(lambda: not daemon.running or self.accepting(), lambda: f"daybeatd is not ready:\n{daemon.log}")
        assert daemon.running, f"daybeatd ended with {daemon.process.returncode}:\n{daemon.log}"
        return daemon

    def launch_daemon(self, *args: str, **env: str) -> Daemon:
        """The process alone, without waiting for anything: for daemons that are not meant to come up."""
        log_file = self.root / f"daybeatd-{next(self._number)}.log"
        with log_file.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "daybeatd", *args],
                env=self.environ | env,
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._children.append(process)
        daemon = Daemon(process, log_file)
        self._daemons.append(daemon)
        return daemon

    def accepting(self) -> bool:
        """Whether somebody accepts at both of the daemon's sockets."""
        return all(_accepts(self.runtime / name) for name in ("ingest.sock", "control.sock"))

    def python(self, *args: str, **env: str) -> Completed:
        """One Python process of this house, to its end."""
        return self.run(sys.executable, *args, **env)

    def run(self, *command: str, **env: str) -> Completed:
        """Any command in this house's environment, to its end; nothing on its standard input."""
        return subprocess.run(
            command,
            env=self.environ | env,
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=6 * DEADLINE,  # longer than the tool's own longest wait, which is that of `send`
        )

    def daybeat(self, *args: str, **env: str) -> Completed:
        """The person's tool."""
        return self.python("-m", "daybeatd.cli", *args, **env)

    def launch(self, *args: str) -> subprocess.Popen[bytes]:
        """A Python process of this house that goes on beside the test; what it prints is thrown away."""
        process = subprocess.Popen(
            [sys.executable, *args],
            env=self.environ,
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._children.append(process)
        return process

    def run_client(self, code: str, *flags: str, **env: str) -> Completed:
        """A host process that runs `code` and must end well."""
        done = self.python(*flags, "-c", code, **env)
        assert done.returncode == 0, f"the client ended with {done.returncode}: {done.stderr}"
        return done

    def run_script(self, code: str, *flags: str, **env: str) -> Completed:
        """The same from a file: multiprocessing's spawn and forkserver must import the main module."""
        return self.python(*flags, str(self.script(code)), **env)

    def script(self, code: str) -> Path:
        """A file with this source, for a child to run."""
        path = self.root / f"script{next(self._number)}.py"
        path.write_text(code)
        return path

    def live_client(self, prelude: str, *flags: str, **env: str) -> LiveClient:
        """A host process that stays and takes orders."""
        error_file = self.root / f"client-{next(self._number)}.err"
        with error_file.open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, *flags, "-c", LiveClient.program(prelude)],
                env=self.environ | env,
                cwd=self.root,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        self._children.append(process)
        return LiveClient(process, error_file)

    def left_alive(self) -> list[int]:
        """The processes of this house that still run."""
        return list(marked(self.root))

    # what the daemon holds

    def beats(self, name: str = "acme") -> list[dict[str, Any]]:
        """The heartbeats that would be sent now, one for each place they are bound for."""
        shown = self.daybeat("preview", name)
        if shown.returncode != 0:
            return []
        events = [event for line in shown.stdout.splitlines() for event in json.loads(line)["events"]]
        return [event for event in events if event["event_type"] == "heartbeat"]

    def beat(self, name: str = "acme") -> dict[str, Any]:
        """The same, where exactly one is expected."""
        (beat,) = self.beats(name)
        return beat

    def held(self, name: str = "acme") -> dict[str, int]:
        """The counters held for a product, wherever they are bound for."""
        total: Counter[str] = Counter()
        for beat in self.beats(name):
            total.update(beat["counters"])
        return dict(total)

    def send(self, *name: str) -> Completed:
        """A `send` that must succeed; where it does not, what the tool and the daemon said."""
        sent = self.daybeat("send", *name)
        log = self._daemons[-1].log
        assert sent.returncode == 0, f"send ended with {sent.returncode}: {sent.stdout}{sent.stderr}\n{log}"
        return sent

    def await_counters(self, expected: dict[str, int], name: str = "acme") -> None:
        """Wait until the counters are exactly these; events take a moment from a client's exit to here."""
        seen: dict[str, int] = {}

        def exact() -> bool:
            seen.clear()
            seen.update(self.held(name))
            return seen == expected

        until(exact, lambda: f"{name} should hold {expected}, holds {seen}")

    def settle(self) -> None:
        """Wait until the daemon has read all that was sent before: another product's event came through."""
        self._barrier += 1
        self.run_client(product("barrier") + "telemetry.count('feature.barrier')\ntelemetry.flush(5)\n")
        self.await_counters({"feature.barrier": self._barrier}, "barrier")

    # consent

    def choose(self, name: str, choice: str) -> None:
        """Write a recorded choice by hand, as a person may."""
        directory = self.config / "consent"
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = directory / name
        path.write_text(choice + "\n")
        path.chmod(0o600)


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True


def _close_quietly(stream: IO[Any]) -> None:
    with contextlib.suppress(OSError):  # its reader was killed with orders still in the buffer
        stream.close()
