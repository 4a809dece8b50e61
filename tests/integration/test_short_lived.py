"""A thousand processes of one event each: a thousand counted. And a mixture of long and short ones."""

from __future__ import annotations

from support.collector import Collector
from support.house import House
from support.products import acme, https_json

#: A launcher that has never seen daybeat forks each process before the import: from there the child does what
#: any program does, import to exit, without a thousand starts of the interpreter.
LAUNCHER = """
import os, sys
import msgpack
def one():
    pid = os.fork()
    if pid:
        return pid
    {client}
    sys.exit(0)
running, failed = set(), 0
for number in range({processes}):
    if len(running) == 8:
        pid, status = os.wait()
        running.discard(pid)
        failed += status != 0
    running.add(one())
while running:
    pid, status = os.wait()
    running.discard(pid)
    failed += status != 0
assert failed == 0, failed
"""


def _indented(code: str) -> str:
    return "\n    ".join(code.strip().splitlines())


def test_a_thousand_processes_of_one_event_each_are_a_thousand(house: House, collector: Collector) -> None:
    house.start_daemon()
    client = _indented(acme(https_json(collector.url)) + "telemetry.count('feature.search')")
    done = house.run_script(LAUNCHER.format(client=client, processes=1000))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    house.await_counters({"feature.search": 1000})
    house.send("acme")
    (beat,) = collector.events("heartbeat")
    assert beat["counters"] == {"feature.search": 1000}
    assert beat["fleet"]["processes"] == 1000
    assert 1 <= beat["fleet"]["peak"] <= 1000


def test_real_starts_of_the_interpreter_lose_none(house: House) -> None:
    house.start_daemon()
    client = acme() + "telemetry.count('feature.search')\n"
    launcher = f"""
import subprocess, sys
command = [sys.executable, "-c", {client!r}]
for _ in range(10):
    running = [subprocess.Popen(command) for _ in range(4)]
    assert [each.wait() for each in running] == [0] * 4
"""
    done = house.run_script(launcher)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    house.await_counters({"feature.search": 40})


def test_long_and_short_ones_together_are_exact(house: House) -> None:
    house.start_daemon()
    long_ones = [house.live_client(acme()) for _ in range(4)]
    for client in long_ones:
        client.do(
            "import threading\ndef work():\n    for _ in range(20000): telemetry.count('feature.search')\n"
            "thread = threading.Thread(target=work); thread.start()"
        )
    short = _indented(acme() + "telemetry.count('feature.short')")
    assert house.run_script(LAUNCHER.format(client=short, processes=100)).returncode == 0
    for client in long_ones:
        client.do("thread.join()")
        assert client.end() == (0, "")
    house.await_counters({"feature.search": 80000, "feature.short": 100})


def test_many_threads_of_one_process_are_exact(house: House) -> None:
    house.start_daemon()
    code = """
import threading
def work():
    for number in range(1000):
        telemetry.count("feature.search")
        if number % 100 == 0:
            telemetry.observe("latency.search", 1.0, unit="ms")
threads = [threading.Thread(target=work) for _ in range(32)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
    done = house.run_client(acme() + code, "-X", "dev", "-W", "error")
    assert (done.stdout, done.stderr) == ("", "")
    house.await_counters({"feature.search": 32000})
    beat = house.beat()
    assert beat["distributions"]["latency.search"]["count"] == 320
