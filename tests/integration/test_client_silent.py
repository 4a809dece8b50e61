"""With a daemon there: nothing on stdout or stderr, the same exit code, no log, however the host ends."""

from __future__ import annotations

import signal

import pytest

from support.house import House
from support.outcomes import assert_silent
from support.products import acme

EVENTS = (
    "for _ in range(50): telemetry.count('feature.search')\n"
    "telemetry.observe('latency.search', 1.5, unit='ms')\ntelemetry.error(ValueError())\n"
)
LOUD = "import logging, warnings\nlogging.basicConfig(level=logging.INFO)\nwarnings.simplefilter('error')\n"


@pytest.mark.parametrize(
    "flags",
    [("-X", "dev", "-W", "error"), ("-I",), ("-E",), ("-O",), ("-B", "-X", "utf8"), ("-W", "always")],
    ids=" ".join,
)
def test_nothing_is_printed_under_any_switch(house: House, flags: tuple[str, ...]) -> None:
    house.start_daemon()
    path = (
        "import os, sys\nsys.path.extend(filter(None, os.environ.get('PYTHONPATH', '').split(os.pathsep)))\n"
    )
    assert_silent(house.run_client(path + acme() + EVENTS, *flags))
    house.await_counters({"feature.search": 50})


def test_nothing_is_logged_above_debug(house: House) -> None:
    house.start_daemon()
    assert_silent(
        house.run_client(LOUD + acme() + EVENTS + "telemetry.count('not declared')\ntelemetry.flush(1)\n")
    )


@pytest.mark.parametrize(
    ("ending", "code", "last_line"),
    [
        ("raise SystemExit(3)", 3, ""),
        ("import sys; sys.exit('bye')", 1, "bye"),
        ("raise RuntimeError('host')", 1, "RuntimeError: host"),
        ("import os; telemetry.flush(5); os._exit(4)", 4, ""),
        ("import os, signal; telemetry.flush(5); os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM, ""),
        ("import os, signal; telemetry.flush(5); os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL, ""),
        ("import threading; threading.Thread(target=__import__('sys').exit, args=(9,)).start()", 0, ""),
    ],
    ids=["SystemExit", "message", "exception", "os._exit", "SIGTERM", "SIGKILL", "exit in a thread"],
)
def test_the_end_of_the_host_is_its_own_and_nothing_is_lost(
    house: House, ending: str, code: int, last_line: str
) -> None:
    house.start_daemon()
    done = house.python("-X", "dev", "-c", acme() + EVENTS + ending)
    assert done.returncode == code
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert (lines[-1] if lines else "") == last_line
    assert "daybeat" not in done.stderr
    house.await_counters({"feature.search": 50})


def test_the_host_keeps_its_signals_warnings_and_threads(house: House) -> None:
    house.start_daemon()
    state = (
        "import signal, sys, threading, warnings, time\n"
        "def state(): return ([signal.getsignal(n) for n in signal.valid_signals()], list(warnings.filters),"
        " sys.excepthook, threading.excepthook, sys.gettrace(), signal.set_wakeup_fd(-1))\n"
        "before = state()\n"
    )
    done = house.run_client(
        state + acme() + EVENTS + "assert telemetry.flush(5)\nassert state() == before\n"
        "end = time.monotonic() + 20\n"
        "while threading.active_count() > 1 and time.monotonic() < end: time.sleep(0.01)\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
    )
    assert_silent(done)
