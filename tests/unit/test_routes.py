"""Where numbers go: by the product, by the person's settings, and no further after 410. Values alone."""

from __future__ import annotations

import pytest

import daybeat
from daybeat import wire
from daybeat.policy import Sink, policy
from daybeatd.core import closing, delivery, intake
from daybeatd.core.destination import LOCAL, NONE, destination_of
from daybeatd.core.ledger import Ledger, Stream
from daybeatd.core.schedule import Moment
from daybeatd.core.settings import Override, Settings
from daybeatd.core.window import COUNTER

NOW = Moment(1_700_000_000.0, 100.0, "boot")
OWN = daybeat.https_json("https://telemetry.acme.dev/v1")
MINE = daybeat.otlp("https://collector.example/v1/metrics")


class Fed:
    """A ledger, and a product in it that reports."""

    def __init__(self, sink: Sink | None = OWN) -> None:
        ids = iter(range(1000))
        self.ledger = Ledger(lambda: f"id-{next(ids)}", lambda: b"salt" * 8, lambda name: "")
        self.sink = sink

    def report(self, n: int = 1, version: str = "1.0") -> None:
        declared = policy("acme", version=version, consent="opt-out", sink=self.sink)
        packed = wire.pack_policy(declared, "default")
        digest = wire.digest_of(packed)
        nonce = version.encode().ljust(16, b"\0")
        payloads = (
            wire.Declaration(policy=declared, rule="default"),
            wire.Counts(counts={"feature.search": n}, errors={}, observed=(), dropped={}),
        )
        for payload in payloads:
            frame = wire.Frame(product="acme", digest=digest, nonce=nonce, payload=payload)
            intake.apply(self.ledger, frame, b"", 1, NOW)

    def set(self, **override: object) -> None:
        self.ledger.settings = Settings(products={"acme": Override(**override)})  # type: ignore[arg-type]

    def stream(self, destination: str) -> Stream:
        return self.ledger.streams["acme", destination]

    def counts(self) -> dict[str, int]:
        return {
            stream.destination.split()[0]: stream.window.numbers[COUNTER].get("feature.search", 0)
            for stream in self.ledger.streams.values()
        }


def test_without_settings_the_products_own_sink_is_used() -> None:
    fed = Fed()
    fed.report()
    assert not fed.ledger.why_held(fed.stream(destination_of(OWN)))
    assert fed.ledger.sink_for(fed.stream(destination_of(OWN))) == OWN


@pytest.mark.parametrize("own", [OWN, None])
def test_the_person_s_place_is_used_instead(own: Sink | None) -> None:
    fed = Fed(own)
    fed.set(replaced=True, sink=MINE)
    fed.report()
    assert fed.ledger.sink_for(fed.stream(destination_of(MINE))) == MINE
    assert not fed.ledger.why_held(fed.stream(destination_of(MINE)))
    assert fed.counts() == {"otlp": 1}


def test_what_was_bound_elsewhere_stays_and_says_so() -> None:
    fed = Fed()
    fed.report(3)
    fed.set(replaced=True, sink=MINE)
    fed.report(5)
    before = fed.stream(destination_of(OWN))
    assert fed.counts() == {"https_json": 3, "otlp": 5}
    assert fed.ledger.why_held(before) == "it goes elsewhere now, by config.toml"
    assert not fed.ledger.may_go(before.key, "1.0")
    fed.ledger.settings = Settings()
    assert fed.ledger.may_go(before.key, "1.0")
    assert fed.ledger.why_held(fed.stream(destination_of(MINE)))


def test_no_place_keeps_the_numbers_here() -> None:
    fed = Fed()
    fed.set(replaced=True)
    fed.report()
    assert fed.counts() == {NONE: 1}
    assert fed.ledger.why_held(fed.stream(NONE))


def test_what_was_bound_for_a_place_says_that_there_is_none_now() -> None:
    fed = Fed()
    fed.report()
    fed.set(replaced=True)
    assert fed.ledger.why_held(fed.stream(destination_of(OWN))) == 'config.toml says sink = "none"'


@pytest.mark.parametrize("settings", [Settings(held="why"), Settings(products={"acme": Override(held="why")})])
def test_settings_hold_back(settings: Settings) -> None:
    fed = Fed()
    fed.report()
    fed.ledger.settings = settings
    stream = fed.stream(destination_of(OWN))
    assert fed.ledger.why_held(stream) == "why"
    assert not fed.ledger.may_go(stream.key, "1.0")
    assert not fed.ledger.may_go(("acme", "https_json of a stream that is gone"), "1.0")
    assert fed.ledger.sink_for(stream) == OWN


def test_a_heartbeat_of_a_stream_that_is_gone_goes_where_the_person_says_or_not_at_all() -> None:
    fed = Fed()
    fed.report()
    fed.ledger.streams.clear()
    assert fed.ledger.may_go(("acme", destination_of(OWN)), "1.0")
    fed.set(replaced=True, sink=MINE)
    assert not fed.ledger.may_go(("acme", destination_of(OWN)), "1.0")
    assert fed.ledger.may_go(("acme", destination_of(MINE)), "1.0")


# 410 Gone.


@pytest.mark.parametrize("retried", [True, False])
def test_gone_is_the_end_for_every_sink(retried: bool) -> None:
    step = delivery.after(
        status=410, retried=retried, retry_after="10", attempts=1, retry_attempts=3, backoff=2.0, now=0.0, chance=0.5
    )
    assert step == delivery.Step(delivery.ENDED)


def test_the_end_keeps_all_numbers_here() -> None:
    fed = Fed()
    fed.report(2)
    stream = fed.stream(destination_of(OWN))
    sent = stream.window
    closing.close(fed.ledger, stream, NOW)
    fed.report(3)  # while it was under way
    closing.end(fed.ledger, stream, "1.0", [sent], NOW)
    fed.report(4)
    assert fed.counts() == {"https_json": 0, LOCAL: 9}
    assert "410 Gone" in fed.ledger.why_held(stream)
    assert stream.ended == ("1.0",)


def test_the_end_of_one_version_is_not_that_of_the_next() -> None:
    fed = Fed()
    fed.report(2)
    stream = fed.stream(destination_of(OWN))
    closing.end(fed.ledger, stream, "1.0", [], NOW)
    fed.report(5, version="1.1")
    assert fed.counts() == {"https_json": 5, LOCAL: 2}
    assert not fed.ledger.why_held(stream)
    assert fed.ledger.may_go(stream.key, "1.1")
    assert not fed.ledger.may_go(stream.key, "1.0")
    fed.report(1, version="1.0")  # an old process still runs
    assert fed.counts() == {"https_json": 5, LOCAL: 3}
    assert not fed.ledger.why_held(stream)


def test_the_memory_of_ends_has_a_bound() -> None:
    fed = Fed()
    fed.report()
    stream = fed.stream(destination_of(OWN))
    for number in range(100):
        closing.end(fed.ledger, stream, f"1.{number}", [], NOW)
        closing.end(fed.ledger, stream, f"1.{number}", [], NOW)
    assert stream.ended == tuple(f"1.{number}" for number in range(68, 100))
