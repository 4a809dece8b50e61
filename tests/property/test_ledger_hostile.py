"""Whatever frames come, in whatever order: the daemon lives, stays bounded, and its heartbeat is JSON."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybeat import wire
from daybeat.consent import RULES
from daybeat.privacy import MAX_KEYS, Rules
from daybeatd.core import enforcement, intake
from support.frames import counted, processes, records
from support.ledgers import Client, Told, acme, at, told_of
from support.policies import policies

bounded = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
KNOWN = acme(declare=["*"], tags={"operation": ["search", "build"], "user": []})
payloads = st.one_of(counted, processes, records)


@bounded
@given(st.lists(st.tuples(payloads, st.binary(min_size=8, max_size=8), st.integers(-1, 3)), max_size=12))
def test_no_payload_breaks_the_ledger_or_its_heartbeat(
    frames: list[tuple[wire.Counts | wire.Process | wire.Record, bytes, int]],
) -> None:
    told = Told()
    Client(told, KNOWN).hello()
    for payload, nonce, pid in frames:
        Client(told, KNOWN, nonce=nonce, pid=pid).say(payload)
        intake.note_peaks(told.ledger)
    for stream in told.ledger.streams.values():
        found = told_of(told.ledger, stream)
        json.dumps(found, allow_nan=False).encode()
        assert len(found["counters"]) + len(found["errors"]) + len(found["distributions"]) <= MAX_KEYS + 3


@bounded
@given(policies, st.sampled_from(RULES), payloads, st.sampled_from(["", "on", "local", "off", "?"]))
def test_no_policy_breaks_it_and_off_keeps_nothing(
    policy: object, rule: str, payload: wire.Counts | wire.Process | wire.Record, choice: str
) -> None:
    told = Told({"all": choice})
    client = Client(told, policy, rule)  # type: ignore[arg-type]
    client.hello()
    client.say(payload)
    enforcement.look_at_choices(told.ledger)
    if choice in ("off", "?"):
        assert not told.ledger.streams
    for stream in told.ledger.streams.values():
        json.dumps(told_of(told.ledger, stream), allow_nan=False).encode()
        if choice == "local" and rule != "environment":
            assert told.ledger.why_held(stream)


@bounded
@given(policies, counted)
def test_nothing_is_counted_that_the_rules_do_not_keep(policy: object, payload: wire.Counts) -> None:
    told = Told({"all": "on"})
    client = Client(told, policy)  # type: ignore[arg-type]
    client.hello()
    client.say(payload)
    rules = Rules(client.declared, told.ledger.products[client.declared.product].salt)
    for stream in told.ledger.streams.values():
        found = told_of(told.ledger, stream, at(60).wall)
        assert all(rules.name(name) == (name, "") for name in found["counters"])
        assert set(found["errors"]) <= {rules.error(name) for name in payload.errors}
