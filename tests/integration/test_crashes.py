"""SIGKILL at random moments under load: what was confirmed a second before is counted once, whatever the endpoint does.

A short version runs always. The long one, of 200 kills, takes five to ten minutes:

    DAYBEAT_TEST_KILLS=200 pytest tests/integration/test_crashes.py --timeout 1800
"""

from __future__ import annotations

import json
import os
import random
import time

import pytest

from support.collector import Answer, Collector
from support.crashes import Fleet, delivered, violations
from support.house import House
from support.waiting import until

KILLS = int(os.environ.get("DAYBEAT_TEST_KILLS", "12"))
CLIENTS = 3

pytestmark = pytest.mark.alone
#: Seconds between kills, at the most; with the start of the next daemon a round takes about 1.5 s.
LONGEST_LIFE = 2.0

# What a bad day at the endpoint looks like.
MOODS = (
    Answer(200),
    Answer(200, delay=0.4),
    Answer(500),
    Answer(429, headers=(("Retry-After", "1"),)),
    Answer(503, delay=0.2),
    Answer(200, hang_up=True),
    Answer(200, delay=0.6, hang_up=True),
)


@pytest.mark.timeout(300 + 6 * KILLS)
def test_kills_at_random_moments(house: House, collector: Collector) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")  # of the moments and moods; the machine's own timing is not repeatable
    chance = random.Random(seed)
    fleet = Fleet(house, collector)
    daemon = house.start_daemon()
    fleet.start(CLIENTS)
    kills: list[tuple[float, float]] = []
    for _ in range(KILLS):
        collector.answer(*[chance.choice(MOODS) for _ in range(20)])
        time.sleep(chance.uniform(0.2, LONGEST_LIFE))
        if chance.random() < 0.7:
            house.launch("-m", "daybeatd.cli", "send", "acme")
            time.sleep(chance.uniform(0.0, 0.9))
        begin = time.time()
        daemon.process.kill()
        daemon.process.wait()  # until then its sockets take what nobody reads
        kills.append((begin, time.time()))
        daemon = house.start_daemon()
    collector.answer()
    fleet.join()

    def all_is_out() -> bool:
        house.daybeat("send", "acme")
        (held,) = json.loads(house.daybeat("status", "acme", "--json").stdout)["products"].values()
        return not held["outbox"] and not any(stream["counters"] for stream in held["streams"])

    until(all_is_out, "everything should be delivered", deadline=60)
    slots = fleet.slots()
    sums = delivered(collector.requests)
    assert violations(slots, sums, kills) == []
    # The test can fail: most slots lie far enough from every kill to be held to the last event.
    assert sum(sums.values()) > 0.5 * sum(slot.sent for slot in slots.values())


def test_a_daemon_told_to_stop_under_load_loses_nothing(house: House, collector: Collector) -> None:
    fleet = Fleet(house, collector)
    daemon = house.start_daemon()
    fleet.start(6)
    for _ in range(4):
        time.sleep(1.2)
        assert daemon.stop() == 0
        daemon = house.start_daemon()
    fleet.join()
    until(lambda: house.daybeat("send", "acme").returncode == 0, "the heartbeat should be delivered")
    slots = fleet.slots()
    assert violations(slots, delivered(collector.requests), []) == []
    assert all(slot.confirmed for slot in slots.values())
