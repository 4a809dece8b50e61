"""A declaration that ships with a product: read by the client, checked by `lint`, told by `docs`."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from pathlib import Path

import pytest

from support.environment import REPOSITORY
from support.house import House
from support.outcomes import assert_one_line_error, assert_silent

EXAMPLE = REPOSITORY / "docs" / "examples" / "telemetry.toml"
GOOD = """\
product = "acme"
version = "2.1.0"
consent = "opt-out"

[metrics."feature.search"]
description = "How often a search was run."

[metrics."feature.gone"]
description = "Not any more."
expires = 2020-01-01
"""


@pytest.fixture
def file(house: House) -> Path:
    path = house.root / "telemetry.toml"
    path.write_text(GOOD)
    return path


def opened(path: object, end: str = "print(telemetry.mode, telemetry.reason)\n") -> str:
    return f"import daybeat\ntelemetry = daybeat.Telemetry.from_file({str(path)!r})\n{end}"


def test_what_the_file_declares_arrives_and_nothing_else(house: House, file: Path) -> None:
    house.start_daemon()
    names = ("feature.search", "feature.gone", "feature.other")
    house.run_client(opened(file, f"for name in {names!r}:\n    telemetry.count(name)\n"))
    house.await_counters({"feature.search": 1})
    beat = house.beat()
    assert beat["product_version"] == "2.1.0"
    assert beat["dropped"]["undeclared"] == 2


def test_the_callers_version_is_told(house: House, file: Path) -> None:
    house.start_daemon()
    code = opened(file, "").replace("from_file(", "from_file(version='3.0', path=")
    house.run_client(code + "telemetry.count('feature.search')\n")
    house.await_counters({"feature.search": 1})
    assert house.beat()["product_version"] == "3.0"


@pytest.mark.parametrize("how", ["absent", "a directory", "a pipe", "broken", "wrong", "empty"])
def test_a_bad_file_is_off_and_says_where(house: House, file: Path, how: str) -> None:
    reason = f"{file}: can't be read"
    if how == "absent":
        file.unlink()
    elif how == "a directory":
        file.unlink()
        file.mkdir()
    elif how == "a pipe":
        file.unlink()
        os.mkfifo(file)
        reason = f"{file}:1: "
    else:
        text = {"broken": GOOD + "x = [", "wrong": GOOD.replace("opt-out", "maybe"), "empty": ""}[how]
        file.write_text(text)
        reason = f"{file}:{ {'broken': 11, 'wrong': 3, 'empty': 1}[how] }: "
    done = house.python("-X", "dev", "-W", "error", "-c", opened(file))
    assert done.stdout.startswith(f"off {reason}"), done
    assert (done.returncode, done.stderr) == (0, "")
    used = "telemetry.count('feature.search'); telemetry.observe('x', 1.0); telemetry.flush(); telemetry.close()\n"
    assert_silent(house.run_client(opened(file, used)))
    strict = house.python("-c", opened(file), DAYBEAT_STRICT="1")
    assert "daybeat.policy.PolicyError" in strict.stderr.splitlines()[-1]
    assert str(file) in strict.stderr.splitlines()[-1]


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_whoever_wants_no_telemetry_at_all_has_no_file_opened(house: House, file: Path) -> None:
    trace = house.root / "trace"
    code = opened(file)
    command = ["strace", "-f", "-e", "trace=open,openat", "-o", str(trace), sys.executable, "-c", code]
    done = house.run(*command, DO_NOT_TRACK="1")
    assert done.stdout == "off DO_NOT_TRACK is set\n"
    assert str(file) not in trace.read_text()
    assert "telemetry.toml" in code


def test_lint_and_docs_of_the_example(house: House) -> None:
    lint = house.daybeat("lint", str(EXAMPLE))
    assert (lint.returncode, lint.stderr) == (0, "")
    assert f"{EXAMPLE}:" in lint.stdout
    assert "warning" in lint.stdout
    docs = house.daybeat("docs", str(EXAMPLE))
    assert (docs.returncode, docs.stderr) == (0, "")
    assert "| `latency.search` | How long a search took. | ms |" in docs.stdout


def test_lint_names_file_and_line_and_fails(house: House, file: Path) -> None:
    done = house.daybeat("lint", "telemetry.toml")
    assert done.returncode == 1
    assert done.stdout.startswith("telemetry.toml:8: feature.gone expired on 2020-01-01")
    assert_one_line_error(done)
    assert house.daybeat("lint", "--on", "2019-12-31", "telemetry.toml").returncode == 0


def test_docs_of_a_file_that_does_not_hold(house: House, file: Path) -> None:
    file.write_text("product = 1\n")
    done = house.daybeat("docs", "telemetry.toml")
    assert (done.returncode, done.stdout) == (1, "")
    assert_one_line_error(done)
    assert "telemetry.toml:1:" in done.stderr


@pytest.mark.parametrize("command", ["lint", "docs"])
def test_a_pipe_is_read_and_one_that_nobody_writes_to_is_empty(house: House, file: Path, command: str) -> None:
    pipe = house.root / "pipe.toml"
    os.mkfifo(pipe)
    empty = house.daybeat(command, str(pipe))
    assert empty.returncode == 1
    assert_one_line_error(empty)
    writer = threading.Thread(target=pipe.write_bytes, args=(EXAMPLE.read_bytes(),))
    writer.start()
    piped = house.daybeat(command, str(pipe))
    writer.join()
    assert piped.stdout == house.daybeat(command, str(EXAMPLE)).stdout.replace(str(EXAMPLE), str(pipe))


@pytest.mark.parametrize("command", ["lint", "docs"])
@pytest.mark.parametrize("arguments", [[], ["absent.toml"], ["."], ["telemetry.toml", "--on", "soon"]])
def test_2_for_wrong_use(house: House, file: Path, command: str, arguments: list[str]) -> None:
    done = house.daybeat(command, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert_one_line_error(done)


@pytest.mark.parametrize("command", ["lint", "docs", "doctor"])
def test_the_help_teaches(house: House, command: str) -> None:
    done = house.daybeat(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"daybeat {command}" in done.stdout
    assert len(done.stdout.split()) > 40
