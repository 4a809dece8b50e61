"""What an import really loads, seen in interpreters that have loaded nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.sources import PACKAGES

CLIENT = str(PACKAGES["daybeat"].parent)
DAEMON = str(PACKAGES["daybeatd"].parent)

#: What alone would cost a host more than the whole client, or start something of its own.
DEAR = {
    *("msgpack", "zmq", "httpx", "psutil", "platformdirs", "daybeatd"),
    *("dataclasses", "logging", "typing", "socket", "_socket", "re", "enum", "json", "collections", "functools"),
    *("hashlib", "datetime", "uuid", "random", "threading", "ssl", "inspect", "pathlib", "contextlib", "platform"),
}


def loaded(code: str, *roots: str, site: bool = False, **environ: str) -> set[str]:
    """The modules there after `code` ran, with `roots` on the path, and no site-packages unless `site`."""
    script = f"import sys; sys.path[:0] = {list(roots)!r}\n{code}\nprint(*sys.modules)"
    flags = ["-I"] if site else ["-I", "-S"]
    environment = {"PATH": os.defpath, "HOME": "/nonexistent", **environ}
    done = subprocess.run(
        [sys.executable, *flags, "-c", script], capture_output=True, text=True, check=True, env=environment
    )
    return set(done.stdout.split())


def test_importing_the_client_loads_nothing_dear() -> None:
    """At most 5 ms are promised to a host."""
    assert not (loaded("import daybeat", CLIENT) - loaded("")) & DEAR


def test_importing_the_client_loads_no_room_that_acts() -> None:
    rooms = {name for name in loaded("import daybeat", CLIENT) if name.startswith("daybeat.")}
    assert not rooms & {"daybeat.sender", "daybeat.wire", "daybeat.privacy", "daybeat.scrub", "daybeat.environment"}


@pytest.mark.parametrize("environ", [{"DO_NOT_TRACK": "1"}, {"ACME_TELEMETRY_ENABLED": "0"}])
def test_off_by_the_environment_loads_nothing_more(environ: dict[str, str]) -> None:
    """Rules 1 and 2: before any socket or thread, and before msgpack."""
    used = """
import daybeat
t = daybeat.Telemetry("acme", consent="opt-out", version="2.1.0", sink=daybeat.https_json("https://telemetry.acme.dev"))
t.count("feature.search"); t.observe("latency.search", 1.0); t.error(ValueError()); t.flush(); t.close()
assert t.mode == "off"
"""
    assert loaded(used, CLIENT, **environ) == loaded("import daybeat", CLIENT)


def test_the_daemon_loads_no_network() -> None:
    """The process that sees the data has none: it comes and goes with the courier."""
    found = loaded("import daybeatd.serve", CLIENT, DAEMON, site=True)
    assert "daybeatd.app" in found
    assert not found & {"httpx", "httpcore", "h11", "h2", "truststore", "certifi", "ssl", "_ssl", "asyncio", "anyio"}


def test_the_daemon_loads_protobuf_only_for_its_sink() -> None:
    """It is another extra, and as heavy as the rest of the daemon."""
    found = loaded("import daybeatd.serve", CLIENT, DAEMON, site=True)
    assert not {name for name in found if name.startswith(("google.protobuf", "opentelemetry"))}


@pytest.mark.parametrize(
    "way",
    ["import sys, daybeatd\nsys.exit(daybeatd.daybeatd())"]
    + [f"import runpy\nrunpy.run_module({module!r}, run_name='__main__')" for module in ("daybeatd", "daybeatd.cli")],
)
def test_the_command_without_its_extra_says_so(tmp_path: Path, way: str) -> None:
    for name, package in PACKAGES.items():  # alone: an installed package has what the extra brings beside it
        (tmp_path / name).symlink_to(package)
    script = f"import sys; sys.path[:0] = {[str(tmp_path)]!r}\n{way}"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.defpath, "HOME": "/nonexistent"},
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "daybeat[daemon]" in done.stderr
