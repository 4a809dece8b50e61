"""Somebody waits for a `send`, and the person decides otherwise meanwhile: it ends at once, and says why."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from support.collector import Answer, Collector
from support.house import Completed, House
from support.outcomes import assert_one_line_error
from support.products import https_json, product
from support.waiting import DEADLINE

#: Longer than the tests wait for anything.
NEVER = Answer(delay=10 * DEADLINE)
SOON = Answer(status=503, headers=(("Retry-After", "50"),))


class Send:
    """`daybeat send` beside the test."""

    def __init__(self, house: House, name: str = "acme") -> None:
        self._done: list[Completed] = []
        self._thread = threading.Thread(target=lambda: self._done.append(house.daybeat("send", name)))
        self._thread.start()

    def ended(self) -> Completed:
        self._thread.join(DEADLINE)
        assert self._done, "send still waits"
        return self._done[0]


def reported(house: House, collector: Collector, name: str = "acme", **settings: object) -> None:
    source = product(name, https_json(collector.url, **{"timeout": 60, **settings}))
    house.run_client(source + "telemetry.count('cli.run')\n")
    house.await_counters({"cli.run": 1}, name)
    collector.await_events(1, "first_run", name)


def sending(house: House, collector: Collector, answer: Answer) -> Send:
    """A `send` whose heartbeat has reached the collector, which answers so."""
    house.start_daemon()
    reported(house, collector)
    collector.answer(then=answer)
    send = Send(house)
    collector.await_events(1)
    return send


def off(house: House) -> str:
    assert house.daybeat("off", "acme").returncode == 0
    return "acme is off now"


def local(house: House) -> str:
    assert house.daybeat("local", "acme").returncode == 0
    return "acme is local now"


def forgotten(house: House) -> str:
    assert house.daybeat("forget", "acme").returncode == 0
    return "acme was forgotten"


@pytest.mark.parametrize("answer", [NEVER, SOON], ids=["under way", "between two attempts"])
@pytest.mark.parametrize("decide", [off, local, forgotten])
def test_a_send_ends_when_its_product_is(
    house: House, collector: Collector, decide: Callable[[House], str], answer: Answer
) -> None:
    send = sending(house, collector, answer)
    why = decide(house)
    done = send.ended()
    assert done.returncode == 1
    assert_one_line_error(done)
    assert done.stderr.endswith(f"1 of 1 not delivered; {why}\n")
    assert why in done.stdout


def test_a_send_ends_when_the_settings_hold_it_back(house: House, collector: Collector) -> None:
    send = sending(house, collector, SOON)
    (house.config / "config.toml").write_text("send = false\n")
    house.daybeat("status")
    done = send.ended()
    assert done.returncode == 1
    assert "config.toml says send = false" in done.stdout
    assert done.stderr.endswith("1 of 1 not delivered; kept, and sent when it may be\n")
    (house.config / "config.toml").unlink()
    collector.answer()
    house.send("acme")
    first, second = collector.events()
    assert first == second


def test_a_send_ends_when_its_numbers_go_with_another(house: House, collector: Collector) -> None:
    """Four that hang take all of the courier's places, so that the fifth is not attempted."""
    house.start_daemon()
    for name in ("one", "two", "three", "four", "acme"):
        reported(house, collector, name)
    collector.answer(then=NEVER)
    hanging = [Send(house, name) for name in ("one", "two", "three", "four")]
    for name in ("one", "two", "three", "four"):
        collector.await_events(1, product=name)
    first = Send(house)
    house.await_counters({})  # the first one's heartbeat is built
    house.run_client(product("acme", https_json(collector.url, timeout=60)) + "telemetry.count('cli.run', 4)\n")
    house.await_counters({"cli.run": 4})
    second = Send(house)
    done = first.ended()
    assert done.returncode == 1
    assert done.stderr.endswith("its numbers go with the next one\n")
    house.daybeat("forget", "--yes")
    for each in (*hanging, second):
        assert "was forgotten" in each.ended().stderr
