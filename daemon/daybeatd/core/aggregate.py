"""From what a process reports to numbers in a window, by the rules of the policy that it reports under. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from daybeat import privacy, records, wire
from daybeatd.core.batch import Batch
from daybeatd.core.ledger import Declared, Ledger, Stream
from daybeatd.core.undeclared import Undeclared
from daybeatd.core.window import COUNTER, ERROR, Window


def count(declared: Declared, window: Window, counts: wire.Counts, undeclared: Undeclared) -> None:
    """Add up what was counted, as far as it is declared; what is not is counted as dropped and noted."""
    rules = declared.rules
    for name, n in counts.counts.items():
        kept, reason = rules.name(name)
        if kept:
            window.count(COUNTER, kept, n, rules)
        else:
            _drop(declared, window, undeclared, name, reason, n)
    for name, n in counts.errors.items():
        window.count(ERROR, rules.error(name), n)
    for observed in counts.observed:
        _observe(declared, window, undeclared, observed)
    for reason, n in counts.dropped.items():
        window.drop(reason, n)


def _observe(declared: Declared, window: Window, undeclared: Undeclared, observed: wire.Observed) -> None:
    key, unit, reasons = declared.rules.observation(observed.name, observed.unit, observed.tags)
    if not key:
        _drop(declared, window, undeclared, observed.name, reasons[0], len(observed.values))
        return
    for reason in reasons:
        window.drop(reason, len(observed.values))
    values = [value for value in map(privacy.value, observed.values) if value is not None]
    if len(values) < len(observed.values):
        window.drop(privacy.UNSAFE, len(observed.values) - len(values))
    if values:
        window.observe(key, unit, values, declared.rules)


def _drop(declared: Declared, window: Window, undeclared: Undeclared, name: str, reason: str, n: int) -> None:
    window.drop(reason, n)
    if reason == privacy.UNDECLARED:
        undeclared.note(declared.policy.product, name, declared.policy.declare)


def record(ledger: Ledger, declared: Declared, stream: Stream, record: wire.Record) -> None:
    """Count a record, and keep the event that it makes until it is sent, where it may be."""
    window, policy = stream.window, declared.policy
    if policy.delivery != "events":
        one = wire.Counts(counts={record.kind: 1}, errors={}, observed=(), dropped={})
        count(declared, window, one, ledger.undeclared)
        return
    salt = record.salt or ledger.products[policy.product].salt.hex()
    event, reasons = records.record(record.kind, record.fields, record.time, salt, frozenset(policy.errors))
    for reason in reasons:
        window.drop(reason)
    if not event:
        return
    _count_event(declared, window, record.kind, event)
    if ledger.goes_in_events(stream) and not ledger.why_held(stream):
        gone = ledger.batches.setdefault(stream.key, Batch()).add(event, may_grow=window.room > 0)
        if gone:
            window.drop("overflow", gone)


def _count_event(declared: Declared, window: Window, kind: str, event: Mapping[str, object]) -> None:
    window.count(COUNTER, kind, 1, declared.rules)
    if kind == "error":
        window.count(ERROR, str(event["error_type"]), 1, declared.rules)
    if kind == "performance":
        window.observe(str(event["metric_name"]), str(event["unit"]), [float(str(event["value"]))], declared.rules)
