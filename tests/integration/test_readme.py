"""The README's program does what the page says, and its table of commands is that of the tool."""

from __future__ import annotations

import re

from daybeatd.cli import command
from support.collector import Collector
from support.environment import REPOSITORY
from support.house import House

PAGE = (REPOSITORY / "README.md").read_text("utf-8")


def test_the_program_of_the_page(house: House, collector: Collector) -> None:
    house.start_daemon()
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert house.run_client(program.replace("https://telemetry.acme.dev/v1", collector.url)).stdout == ""
    assert house.held() == {}, "it is opt-in"
    house.run_client(program.replace("https://telemetry.acme.dev/v1", collector.url), ACME_TELEMETRY_ENABLED="1")
    house.await_counters({"feature.search": 1})
    assert set(house.beat()["distributions"]) == {"latency.search", "latency.search{operation=search}"}
    assert not any(house.beat()["dropped"].values())


def test_the_table_names_every_command_and_no_other() -> None:
    cells = re.findall(r"^\| (`daybeat .*?) \|", PAGE, re.MULTILINE)
    named = {name for cell in cells for name in re.findall(r"`(?:daybeat )?([a-z]+)", cell)}
    assert named - {"check"} == set(command.commands), "check is a command of config"
