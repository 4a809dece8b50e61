"""The tool's exit codes (0 done, 1 failed, 2 wrong use, 3 no daemon), its one-line errors, its JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.collector import Answer, Collector
from support.house import House
from support.outcomes import assert_one_line_error
from support.products import acme, https_json

COMMANDS = (
    *("status", "preview", "history", "on", "local", "off", "send", "export", "forget", "count"),
    *("doctor", "docs", "lint", "config", "demo"),
)


@pytest.mark.parametrize("command", ["status", "preview", "send", "history", "export", "forget"])
@pytest.mark.parametrize("product", [[], ["acme"]], ids=["all", "acme"])
def test_3_without_a_daemon(house: House, command: str, product: list[str]) -> None:
    done = house.daybeat(command, *product)
    assert done.returncode == 3
    if command != "status":  # a status that says "not running" has said it where it was asked for
        assert done.stdout == ""
        assert_one_line_error(done)


@pytest.mark.parametrize("group", [[], ["config"]], ids=["daybeat", "config"])
def test_no_line_of_the_commands_list_is_cut(house: House, group: list[str]) -> None:
    """It is what a newcomer reads first, in a terminal of 80 columns."""
    _, _, commands = house.daybeat(*group, "--help", COLUMNS="80").stdout.partition("Commands:\n")
    assert commands
    assert "..." not in commands


def test_3_beside_the_socket_of_a_dead_daemon(house: House) -> None:
    house.start_daemon().kill()
    assert house.daybeat("preview").returncode == 3
    assert house.daybeat("status").returncode == 3


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["config"],
        ["unheard-of"],
        ["status", "--unheard-of"],
        ["count"],
        ["count", "acme"],
        ["count", "acme", "cli.x", "many"],
        ["count", "acme", "Not A Name"],
        ["on", "Not A Product"],
        ["off", "../all"],
        ["off", "all"],
        ["preview", "a", "b"],
        ["preview", "Not A Product"],
        ["send", "UPPER"],
        ["history", "a b"],
    ],
    ids=" ".join,
)
def test_2_for_wrong_use(house: House, wrong: list[str]) -> None:
    done = house.daybeat(*wrong)
    assert done.returncode == 2
    assert done.stdout == ""
    assert_one_line_error(done)


@pytest.mark.parametrize(
    "wrong", [["--unheard-of"], ["--idle-exit", "soon"], ["--log-level", "shout"], ["extra"]]
)
def test_2_for_wrong_use_of_the_daemon(house: House, wrong: list[str]) -> None:
    daemon = house.launch_daemon(*wrong)
    assert daemon.process.wait(60) == 2
    assert len(daemon.log.strip().splitlines()) == 1, daemon.log


def test_1_for_a_send_that_failed(house: House, collector: Collector) -> None:
    collector.answer(then=Answer(status=400))
    house.start_daemon()
    house.run_client(acme(https_json(collector.url, retry_attempts=0)) + "telemetry.count('cli.run')")
    house.await_counters({"cli.run": 1})
    sent = house.daybeat("send", "acme")
    assert sent.returncode == 1
    assert_one_line_error(sent)
    assert "400" in sent.stderr + sent.stdout


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_teaches_without_a_daemon(house: House, command: str) -> None:
    done = house.daybeat(*([command] if command else []), "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "daybeat" in done.stdout.lower()
    assert len(done.stdout.split()) > 12
    if not command:
        assert all(f" {each} " in done.stdout for each in COMMANDS)


def test_the_daemons_help_names_its_options(house: House) -> None:
    done = house.python("-m", "daybeatd", "--help")
    assert done.returncode == 0
    assert "--idle-exit" in done.stdout
    assert "--log-level" in done.stdout


def test_the_json_outputs_are_json_before_and_after_the_first_event(
    house: House, collector: Collector
) -> None:
    house.start_daemon()
    for _ in range(2):
        for command in (["status", "--json"], ["history", "--json"]):
            done = house.daybeat(*command)
            assert (done.returncode, done.stderr) == (0, ""), command
            json.loads(done.stdout)
        house.run_client(acme(https_json(collector.url)) + "telemetry.count('cli.run')\ntelemetry.flush(5)")
        house.settle()
    for command in (["status", "acme", "--json"], ["history", "acme", "--json"], ["preview", "acme"]):
        done = house.daybeat(*command)
        assert (done.returncode, done.stderr) == (0, ""), command
        json.loads(done.stdout)


def test_the_status_names_each_product_its_consent_and_what_is_pending(
    house: House, collector: Collector
) -> None:
    house.start_daemon()
    house.run_client(acme(https_json(collector.url)) + "telemetry.count('cli.run', 4711)")
    house.await_counters({"cli.run": 4711})
    for shown in (
        house.daybeat("status"),
        house.daybeat("status", "acme"),
        house.daybeat("status", "--json"),
    ):
        assert shown.returncode == 0
        assert "acme" in shown.stdout
        assert "on" in shown.stdout
    assert "4711" in house.daybeat("status", "acme", "--json").stdout
    house.daybeat("local", "acme")
    assert "local" in house.daybeat("status", "acme").stdout


def test_consent_needs_no_daemon(house: House) -> None:
    for choice in ("on", "local", "off"):
        assert house.daybeat(choice).returncode == 0
        assert house.daybeat(choice, "acme").returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("command", [["status"], ["status", "--json"], ["preview"], ["export"]], ids=" ".join)
def test_1_where_the_output_can_not_be_written(house: House, command: list[str]) -> None:
    house.start_daemon()
    house.run_client(acme() + "telemetry.count('cli.run', 1)")
    house.await_counters({"cli.run": 1})
    shell = f"exec {sys.executable} -m daybeatd.cli {' '.join(command)} > /dev/full"
    done = house.run("sh", "-c", shell)
    assert done.returncode == 1
    assert_one_line_error(done)


@pytest.mark.parametrize("command", ["status", "status --json", "history", "export", "doctor --json", "--help"])
def test_0_where_whoever_reads_has_enough(house: House, command: str) -> None:
    """As under `set -o pipefail`: `daybeat history | head -1` did what was asked."""
    house.start_daemon()
    house.run_client(acme() + "telemetry.count('cli.run', 1)")
    house.await_counters({"cli.run": 1})
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "daybeatd.cli", *command.split()],
            env=house.environ,
            stdout=writer,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")
