"""The programs and examples of docs/mycelium.md and docs/idun.md do what the pages say."""

from __future__ import annotations

import re

from support.collector import Collector
from support.environment import REPOSITORY
from support.house import House
from support.idun import await_counted, environ, status
from support.mycelium import await_events


def blocks(page: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (REPOSITORY / "docs" / page).read_text(), re.DOTALL)


def test_the_program_of_mycelium(house: House, collector: Collector) -> None:
    house.start_daemon()
    told = {"TELEMETRY_ENABLED": "true", "TELEMETRY_ENDPOINT": collector.url, "TELEMETRY_BATCH_SIZE": "3"}
    done = house.python(str(REPOSITORY / "docs/examples/mycelium.py"), **told)
    assert "telemetry is on" in done.stdout
    assert await_events(collector, "performance")[0]["tags"] == {"operation": "search"}
    assert "telemetry is off" in house.python(str(REPOSITORY / "docs/examples/mycelium.py")).stdout


def test_mycelium_s_guide(house: House, collector: Collector) -> None:
    house.start_daemon()
    (code,) = blocks("mycelium.md")
    house.run_client(code, TELEMETRY_ENABLED="1", TELEMETRY_ENDPOINT=collector.url, TELEMETRY_BATCH_SIZE="4")
    assert await_events(collector, "error")[0]["error_type"] == "ConnectionError"


def test_the_program_of_idun(house: House, collector: Collector) -> None:
    house.start_daemon()
    assert house.python(str(REPOSITORY / "docs/examples/idun.py"), **environ(collector)).returncode == 0
    counted = ("cli.serve.count", "cli.serve.success", "feature.guardrails.count", "workflow.langgraph.count")
    await_counted(house, dict.fromkeys(counted, 1))
    assert status(house)["version"] == "1.4.0"


def test_idun_in_a_server(house: House, collector: Collector) -> None:
    house.start_daemon()
    server = "\nfrom fastapi.testclient import TestClient\nwith TestClient(app) as server: server.get('/')\n"
    house.run_client(blocks("idun.md")[0] + server, **environ(collector))
    await_counted(house, {"workflow.langgraph.count": 1})


def test_idun_in_a_command(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(blocks("idun.md")[1] + "\nserve(['/home/jane'])\n", **environ(collector))
    await_counted(house, {"cli.serve.count": 1, "cli.serve.success": 1})
