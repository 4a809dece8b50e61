"""Whatever happened, what is on disk is what is in memory, and the next daemon knows as much."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import daybeat
from daybeat.consent import DEFAULT, ENVIRONMENT, RECORDED
from daybeatd import ledgerfile
from daybeatd.core import closing, enforcement, erasure
from daybeatd.core.ledger import Ledger
from support.disk import Disk
from support.ledgers import ELSEWHERE, Client, Told, acme, at, told_of

bounded = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))

POLICIES = [
    (acme("1.0"), DEFAULT),
    (acme("2.0", declare=["cli.run", "latency.*"]), RECORDED),
    (acme("2.0", sink=ELSEWHERE), ENVIRONMENT),
    (acme("3.0", sink=None, consent="opt-in"), DEFAULT),
    (acme("1.0", product="idun", sink=daybeat.file("/tmp/beats")), DEFAULT),
]
names = st.sampled_from(["cli.run", "feature.search", "feature.build", "latency.x", "secret", "Bad Name"])
values = st.lists(st.one_of(st.floats(width=32, allow_nan=True), st.integers(-5, 5).map(float)), min_size=1, max_size=4)
tags = st.sampled_from([{}, {"operation": "search"}])
observed = st.lists(st.tuples(names, st.sampled_from(["ms", "By", "no"]), tags, values), max_size=3).map(tuple)
reports = st.fixed_dictionaries(
    {
        "counts": st.dictionaries(names, st.integers(1, 2**53), max_size=3),
        "errors": st.dictionaries(st.sampled_from(["builtins:ValueError", "jane.Doe"]), st.integers(1, 9), max_size=2),
        "observed": observed,
        "dropped": st.dictionaries(st.sampled_from(["lost", "unsafe"]), st.integers(1, 9), max_size=2),
    }
)
clients = st.tuples(st.integers(0, len(POLICIES) - 1), st.integers(1, 4))
choices = st.sampled_from(["on", "local", "off", ""])
operations = st.lists(
    st.one_of(
        st.tuples(st.just("report"), clients, reports),
        st.tuples(st.just("report"), clients, reports),
        st.tuples(st.just("facts"), clients, st.booleans()),
        st.tuples(
            st.just("choose"), st.sampled_from(["acme", "idun", "all"]), st.sampled_from(["on", "local", "off", ""])
        ),
        st.tuples(st.just("close"), st.integers(0, 9), st.none()),
        st.tuples(st.just("forget"), st.sampled_from(["acme", "idun"]), st.none()),
        st.tuples(st.just("save"), st.none(), st.none()),
        st.tuples(st.just("restart"), st.none(), st.none()),
        st.tuples(st.just("all anew"), st.none(), st.none()),
    ),
    max_size=25,
)


def known(ledger: Ledger) -> dict[str, Any]:
    """All that a daemon could tell or would act on."""
    streams = {
        key: (
            told_of(ledger, stream, at(9e5).wall),
            stream.window.members,
            (stream.last, stream.first, stream.sequence, stream.digest),
            not ledger.why_held(stream),
        )
        for key, stream in ledger.streams.items()
    }
    products = {
        name: {slot: getattr(product, slot) for slot in product.__slots__ if slot != "changed"}
        for name, product in ledger.products.items()
    }
    declared = {digest: (each.packed, each.policy, each.rule, each.mode) for digest, each in ledger.declared.items()}
    return {"streams": streams, "products": products, "declared": declared}


class Life:
    """A daemon as far as its ledger and its disk go."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.told = Told()
        self.clock = 0.0

    def report(self, who: tuple[int, int], report: dict[str, Any]) -> None:
        self._client(who).counts(seconds=self.clock, **report)

    def facts(self, who: tuple[int, int], ci: bool) -> None:
        self._client(who).facts(ci=ci)

    def _client(self, who: tuple[int, int]) -> Client:
        policy, rule = POLICIES[who[0]]
        return Client(self.told, policy, rule, nonce=bytes((who[1],)) * 8, pid=who[1]).hello(self.clock)

    def choose(self, name: str, choice: str) -> None:
        self.told.choices[name] = choice
        statements = []
        for change in enforcement.look_at_choices(self.told.ledger):
            if change.ended:
                erasure.erase(self.told.ledger, change.product)
                statements += ledgerfile.erasing(change.product)
        self.disk.save(self.told.ledger, *statements)

    def close(self, which: int, _: None) -> None:
        streams = list(self.told.ledger.streams.values())
        if streams:
            stream = streams[which % len(streams)]
            self.clock += 60
            closing.close(self.told.ledger, stream, at(self.clock))
            self.disk.save(self.told.ledger, *ledgerfile.closing(stream.key))

    def forget(self, name: str, _: None) -> None:
        if name in self.told.ledger.products:
            erasure.forget(self.told.ledger, name)
            self.disk.save(self.told.ledger, *ledgerfile.forgetting(name))

    def save(self, *_: None) -> None:
        self.disk.save(self.told.ledger)

    def all_anew(self, *_: None) -> None:
        self.told.ledger.touch()
        self.disk.save(self.told.ledger, *ledgerfile.emptying())

    def restored(self) -> Ledger:
        found = self.told.fresh()
        ledgerfile.restore(found, self.disk.rows())
        return found

    def restart(self, *_: None) -> None:
        self.save()
        self.told.ledger = self.restored()


@bounded
@given(operations)
def test_the_next_daemon_knows_all_that_this_one_knew(history: list[tuple[str, Any, Any]]) -> None:
    with tempfile.TemporaryDirectory() as room, Disk(Path(room) / "state" / "daybeat.db") as disk:
        life = Life(disk)
        for what, first, second in history:
            getattr(life, what.replace(" ", "_"))(first, second)
        life.save()
        assert known(life.restored()) == known(life.told.ledger)
        assert ledgerfile.changes(life.restored()) == []
