"""The five tests that Idun's plan names, on daybeat: real processes, a real endpoint, no mock."""

from __future__ import annotations

import json

from daybeat import privacy
from support.clock import SHIFTED_DAEMON, Clock
from support.collector import Answer, Collector
from support.house import House
from support.idun import IMPORT, RECORD, await_counted, await_sent, environ, sent, status
from support.waiting import until


def test_enabled_by_default_creates_the_record_and_a_user_id(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(IMPORT, **environ(collector))
    house.settle()
    shown = status(house)
    assert set(shown) >= RECORD
    assert len(shown["user_id"]) == 36
    assert shown["telemetry_enabled"] is True


def test_the_env_var_disables_and_prevents_files(house: House, collector: Collector) -> None:
    before = set(house.root.rglob("*"))
    house.run_client(IMPORT + "feature_used('x')", IDUN_TELEMETRY_ENABLED="false", **environ(collector))
    assert set(house.root.rglob("*")) == before
    assert collector.requests == []


def test_the_sanitizer_drops_forbidden_keys_and_enforces_caps(house: House, collector: Collector) -> None:
    house.start_daemon()
    tokens = "path filepath filename prompt query text document content url email token secret key"
    code = f"for name in {tokens!r}.split(): feature_used(name)\nfeature_used('y' * 65)\nfeature_used('kept')\n"
    house.run_client(IMPORT + code, **environ(collector))
    await_counted(house, {"feature.kept.count": 1})
    house.send("idun")
    (beat,) = await_sent(collector, "Heartbeat")
    assert len(json.dumps(beat)) <= privacy.MAX_HEARTBEAT
    assert not [key for key in beat["properties"] if key.startswith("feature.") and key != "feature.kept.count"]


def test_a_heartbeat_goes_out_at_most_once_a_day_and_resets_the_counters(house: House, collector: Collector) -> None:
    clock = Clock(house.root / "clock")
    house.launch("-c", SHIFTED_DAEMON, str(clock.path))
    until(house.accepting, "a daemon")
    code = IMPORT + "feature_used('kept')\nmaybe_send_heartbeat()\n"
    house.run_client(code, **environ(collector))
    await_counted(house, {"feature.kept.count": 1})
    clock.advance(49 * 3600)
    house.run_client(code, **environ(collector))
    house.settle()
    clock.advance(3600)  # past the spread of heartbeats that are late
    house.run_client(IMPORT, **environ(collector))
    (beat,) = await_sent(collector, "Heartbeat")
    assert beat["properties"]["feature.kept.count"] in (1, 2)
    for _ in range(3):
        house.run_client(code, **environ(collector))
    house.settle()
    assert len(sent(collector, "Heartbeat")) == 1
    held = status(house)["counters"].get("feature.kept.count", 0)
    assert held + beat["properties"]["feature.kept.count"] == 5


def test_failures_of_posthog_never_reach_the_host(house: House, collector: Collector) -> None:
    collector.answer(then=Answer(500))
    house.start_daemon()
    done = house.run_client(IMPORT + "feature_used('kept')", "-W", "error", **environ(collector))
    assert done.stdout == done.stderr == ""
    await_sent(collector, "First run")
    await_counted(house, {"feature.kept.count": 1})
