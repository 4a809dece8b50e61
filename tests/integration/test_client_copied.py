"""Hosts copy and pickle what has a handle in it, and reload what they have imported: exact all the same."""

from __future__ import annotations

import pytest

from support.house import House
from support.outcomes import assert_silent
from support.products import acme

STRICT = ("-X", "dev", "-W", "error")

HOLDER = """
import copy, pickle

class Agent:
    def __init__(self):
        self.telemetry, self.search = telemetry, telemetry.counter("feature.search")
        self.timer = telemetry.timer("latency.search")

    def work(self):
        self.telemetry.count("feature.search")
        self.search.inc()
        with self.timer:
            pass
"""

WORKER = """
if __name__ == "__mp_main__":
    telemetry.close()  # so that what it counts is counted by what it was given alone

def work(agent, off):
    agent.work()
    off.count("feature.off")

if __name__ == "__main__":
    import multiprocessing
    spawn = multiprocessing.get_context("spawn")
    off = daybeat.Telemetry("acme", consent="opt-in", declare=["feature.*"])
    worker = spawn.Process(target=work, args=(Agent(), off))
    worker.start()
    worker.join()
    raise SystemExit(worker.exitcode)
"""


@pytest.mark.parametrize("how", ["copy.copy", "copy.deepcopy", "lambda agent: pickle.loads(pickle.dumps(agent))"])
@pytest.mark.parametrize("armed", [True, False], ids=["in a burst", "before the first"])
def test_what_copies_count_is_counted_once(house: House, how: str, armed: bool) -> None:
    house.start_daemon()
    code = f"agent = Agent()\nif {armed}: agent.work()\nfor each in agent, ({how})(agent): each.work()\n"
    assert_silent(house.run_client(acme() + HOLDER + code, *STRICT))
    house.await_counters({"feature.search": 6 if armed else 4})


def test_a_worker_that_is_given_a_handle_counts_on_its_own(house: House) -> None:
    house.start_daemon()
    program = house.root / "program.py"
    program.write_text(acme() + HOLDER + WORKER)
    done = house.python(*STRICT, str(program))
    assert done.returncode == 0, done.stderr
    assert_silent(done)
    house.await_counters({"feature.search": 2})


@pytest.mark.parametrize(
    "made_off", ["telemetry.close()", "telemetry = daybeat.Telemetry('acme', consent='opt-in')"], ids=["closed", "off"]
)
def test_what_is_off_stays_off(house: House, made_off: str) -> None:
    house.start_daemon()
    code = f"""
handles = [telemetry.counter("feature.search")]
{made_off}
handles += [telemetry, telemetry.counter("feature.search")]
for each in pickle.loads(pickle.dumps(handles)) + copy.deepcopy(handles):
    getattr(each, "count", lambda name: each.inc())("feature.search")
assert not pickle.loads(pickle.dumps(telemetry)).enabled
assert pickle.loads(pickle.dumps(telemetry)).reason == telemetry.reason
"""
    # Of the off product's two handles, the first was made before: it is on, and so is what is made of it.
    done = house.run_client(acme() + HOLDER + code, *STRICT)
    assert_silent(done)
    house.settle()
    assert house.held().get("feature.search", 0) == (0 if "close" in made_off else 2)


def test_the_environment_of_who_unpickles_decides(house: House) -> None:
    house.start_daemon()
    code = """
import os
packed = pickle.dumps([telemetry, telemetry.counter("feature.search")])
os.environ["DO_NOT_TRACK"] = "1"
other, counter = pickle.loads(packed)
assert (other.enabled, other.mode) == (False, "off"), other.mode
other.count("feature.search")
counter.inc()
"""
    assert_silent(house.run_client(acme() + HOLDER + code, *STRICT))
    house.settle()
    assert house.held().get("feature.search", 0) == 0


def test_what_a_host_reloads_counts_on(house: House) -> None:
    house.start_daemon()
    code = """
import importlib, sys
kept = []
for _ in range(10):
    kept.append((telemetry, telemetry.counter("feature.search")))
    for each, counter in kept:
        each.count("feature.search")
        counter.inc()
    for name in sorted(name for name in sys.modules if name.startswith("daybeat")):
        importlib.reload(sys.modules[name])
    telemetry = daybeat.Telemetry("acme", version="2.1.0", consent="opt-out", declare=["feature.*"])
"""
    assert_silent(house.run_client(acme() + code, *STRICT))
    house.await_counters({"feature.search": 110})
