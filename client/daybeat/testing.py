"""For hosts' own tests: captures what their code reports, after the privacy rules, without a daemon.

    from daybeat.testing import capture

    with capture() as events:
        acme.search("anything")
    assert events == [{"kind": "count", "product": "acme", "name": "feature.search", "n": 1}]

With pytest the fixture `daybeat_events` is the same for the length of a test.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import time
from typing import Any

from . import privacy, records
from .book import Counter, Key
from .guard import guarded
from .note import pack
from .plain import plain
from .policy import Policy
from .telemetry import Telemetry, _drop, _text
from .wire import WireError

Event = dict[str, Any]


class Captured(list[Event]):
    """The events in their order, each a plain dict with `kind`, `product` and:

    - `"count"`: `name`, `n`
    - `"error"`: `name`, `n`
    - `"observation"`: `name` (with its tags, as a heartbeat has it), `value`, `unit`
    - `"record"`: `name` and `fields`, the record as it is sent under `delivery="events"`; a hash that the daemon makes
      under the installation's salt is made under none here

    What the rules leave out is in `dropped`, a number for each (product, reason).
    """

    def __init__(self) -> None:
        super().__init__()
        self.dropped: dict[tuple[str, str], int] = {}
        self._rules: dict[Policy, privacy.Rules] = {}

    def total(self, name: str, product: str | None = None) -> int:
        """How often `name` was counted, by one product or by all."""
        return sum(
            event["n"]
            for event in self
            if event["kind"] == "count" and event["name"] == name and product in (None, event["product"])
        )

    def number(self, policy: Policy, kind: str, name: str, n: int) -> None:
        """Take what the client would send: `n` of a counter, an error or a reason for dropping, as `kind` says."""
        if kind == "dropped":
            self._drop(policy, name, n)
        elif kind == "errors":
            self.append({"kind": "error", "product": policy.product, "name": self._of(policy).error(name), "n": n})
        else:
            kept, reason = self._of(policy).name(name)
            if kept:
                self.append({"kind": "count", "product": policy.product, "name": kept, "n": n})
            else:
                self._drop(policy, reason, n)

    def observation(self, policy: Policy, key: Key, value: float) -> None:
        """Take what the client would send: one value of a distribution."""
        name, unit, reasons = self._of(policy).observation(*key)
        kept = privacy.value(value)
        for reason in reasons if kept is not None else (privacy.UNSAFE,):
            self._drop(policy, reason, 1)
        if name and kept is not None:
            event = {"kind": "observation", "product": policy.product, "name": name, "value": kept, "unit": unit}
            self.append(event)

    def record(self, policy: Policy, kind: object, fields: Any, salt: str) -> None:
        """Take what the client would send: one record."""
        text, now = _text(kind), time()
        if text is None:
            self._drop(policy, privacy.UNSAFE, 1)
            return
        try:
            pack(text, fields, now, salt)
        except WireError:
            self._drop(policy, "overflow", 1)
            return
        event, reasons = records.record(text, plain(fields), now, salt, frozenset(policy.errors))
        for reason in reasons:
            self._drop(policy, reason, 1)
        if event:
            self.append({"kind": "record", "product": policy.product, "name": text, "fields": event})

    def _drop(self, policy: Policy, reason: str, n: int) -> None:
        key = (policy.product, reason)
        self.dropped.setdefault(key, 0)
        self.dropped[key] += n  # no call in between: threads lose nothing

    def _of(self, policy: Policy) -> privacy.Rules:
        if policy not in self._rules:
            self._rules[policy] = privacy.Rules(policy, b"")
        return self._rules[policy]


#: The captures under way, the one that began last at the end.
_active: list[Captured] = []


@contextmanager
def capture() -> Iterator[Captured]:
    """The events of every `Telemetry` of this process during the block: none of them is sent.

    Handles that were made before are captured too, and so are those that consent has switched off: a test asserts what
    the code reports, whatever the machine's owner decided. A handle whose declaration is invalid reports nothing.
    Of several blocks at once, one inside another or in threads and tasks beside each other, the one that began last
    gets the events.
    """
    captured = Captured()
    _active.append(captured)
    _replace()
    try:
        yield captured
    finally:
        _active[:] = [each for each in _active if each is not captured]
        _replace()


def _replace() -> None:
    """Replace the client's methods while a capture is under way, and put them back when none is."""
    is_active = None
    while is_active is not bool(_active):  # another thread's may have begun or ended meanwhile
        is_active = bool(_active)
        for (owner, name), method in (_REPLACEMENTS if is_active else _METHODS).items():
            setattr(owner, name, method)


def _innermost() -> Captured:
    return next(iter(_active[-1:]), Captured())  # none: a call that began before the block ended


# What stands in for the client's methods: the same steps as far as what would be sent, then the capture.


def _inc(counter: Counter, n: int = 1) -> None:
    if type(n) is int and privacy.count(n) and counter.name:
        _innermost().number(counter.book.policy, counter.kind, counter.name, n)


def _count(telemetry: Telemetry, name: str, n: int = 1) -> None:
    guarded(telemetry._count_new, name, n, otherwise=_drop)


def _observe(
    telemetry: Telemetry, name: str, value: float, unit: str = "1", tags: Mapping[str, str] | None = None
) -> None:
    guarded(telemetry._observe, name, value, unit, tags, otherwise=_drop)


def _error(telemetry: Telemetry, error: BaseException | type[BaseException] | str) -> None:
    guarded(telemetry._error, error, otherwise=_drop)


def _event(telemetry: Telemetry, kind: str, fields: Mapping[str, Any] | None = None) -> None:
    declared = telemetry._declared
    if declared is None or declared.delivery != "events":
        _count(telemetry, kind)
    else:
        guarded(_innermost().record, declared, kind, fields, telemetry._salt, otherwise=_drop)


def _add(telemetry: Telemetry, key: Key, value: float) -> None:
    if telemetry._declared is not None:
        _innermost().observation(telemetry._declared, key, value)


_REPLACEMENTS: dict[tuple[type, str], Any] = {
    (Counter, "inc"): _inc,
    (Telemetry, "count"): _count,
    (Telemetry, "observe"): _observe,
    (Telemetry, "error"): _error,
    (Telemetry, "event"): _event,
    (Telemetry, "_add"): _add,
}

_METHODS = {(owner, name): vars(owner)[name] for owner, name in _REPLACEMENTS}
