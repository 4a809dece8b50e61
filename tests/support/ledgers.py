"""A ledger whose ids are numbers and whose recorded choices are a dict, and clients that report to it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

import daybeat
from daybeat import wire
from daybeat.consent import DEFAULT
from daybeat.policy import Policy, policy
from daybeatd.core import closing, intake
from daybeatd.core.heartbeat import document
from daybeatd.core.ledger import Ledger, Stream
from daybeatd.core.schedule import Moment

NOW = 1_800_000_000.0
SINK = daybeat.https_json("https://telemetry.acme.dev/v1")
ELSEWHERE = daybeat.https_json("https://elsewhere.acme.dev/v1")
FACTS = {
    "os.family": "Linux",
    "os.machine": "x86_64",
    "python.version": "3.11.7",
    "os.containerized": False,
    "ci": False,
}


def at(seconds: float = 0.0) -> Moment:
    return Moment(NOW + seconds, 1000.0 + seconds, "boot")


def acme(version: str = "2.1.0", product: str = "acme", **fields: Any) -> Policy:
    """A product that is on unless its user says otherwise."""
    given: dict[str, Any] = {
        "consent": "opt-out",
        "declare": ["feature.*", "latency.*", "cli.run"],
        "tags": {"operation": ["search", "build"]},
        "errors": ["acme"],
        "sink": SINK,
        **fields,
    }
    return policy(product, version=version, **given)


class Told:
    """A ledger, the choices that it reads, and how to speak to it."""

    def __init__(self, choices: Mapping[str, str] | None = None) -> None:
        self.choices: dict[str, str] = dict(choices or {})
        self._ids = count(1)
        self.ledger = self.fresh()

    def fresh(self) -> Ledger:
        """Another ledger that reads the same choices."""
        return Ledger(
            lambda: f"id-{next(self._ids)}",
            lambda: next(self._ids).to_bytes(32, "big"),
            lambda name: self.choices.get(name, ""),
        )

    @property
    def stream(self) -> Stream:
        (one,) = self.ledger.streams.values()
        return one

    def streams(self, product: str = "acme") -> dict[str, Stream]:
        return {stream.destination: stream for stream in self.ledger.streams_of(product)}


class Client:
    """One process of a product."""

    def __init__(self, told: Told, declared: Policy, rule: str = DEFAULT, nonce: bytes = b"process1", pid: int = 7):
        self.told, self.declared, self.rule, self.nonce, self.pid = told, declared, rule, nonce, pid
        self.digest = wire.digest_of(wire.pack_policy(declared, rule))

    def frame(self, payload: Any) -> wire.Frame:
        return wire.Frame(product=self.declared.product, digest=self.digest, nonce=self.nonce, payload=payload)

    def say(self, payload: Any, seconds: float = 0.0) -> None:
        """Through the bytes, as it comes from a socket."""
        message = wire.encode(self.frame(payload))
        intake.apply(self.told.ledger, wire.decode(message), message, self.pid, at(seconds))

    def hello(self, seconds: float = 0.0) -> Client:
        self.say(wire.Declaration(policy=self.declared, rule=self.rule), seconds)
        return self

    def facts(self, **changes: Any) -> None:
        self.say(wire.Process(facts={**FACTS, **changes}))

    def counts(
        self,
        counts: dict[str, int] | None = None,
        *,
        errors: dict[str, int] | None = None,
        observed: tuple[tuple[str, str, dict[str, str], list[float]], ...] = (),
        dropped: dict[str, int] | None = None,
        seconds: float = 0.0,
    ) -> None:
        values = tuple(
            wire.Observed(name=name, unit=unit, tags=tuple(sorted(tags.items())), values=tuple(numbers))
            for name, unit, tags, numbers in observed
        )
        self.say(wire.Counts(counts=counts or {}, errors=errors or {}, observed=values, dropped=dropped or {}), seconds)


def told_of(ledger: Ledger, stream: Stream, now: float = NOW + 60) -> dict[str, Any]:
    """What the stream's heartbeat would say."""
    return document(closing.heartbeat(ledger, stream, now))
