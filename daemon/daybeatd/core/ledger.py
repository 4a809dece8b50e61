"""Everything the daemon knows: products, policies, streams. Pure: no clock, no disk, no chance.

It takes frames and decisions, and gives back heartbeats. What it holds in memory is the truth; the store keeps a copy
that is at most a second behind, written from what is marked as changed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from daybeat import consent, privacy, records, wire
from daybeat.policy import Policy, Sink
from daybeatd.core.batch import TAKERS, Batch
from daybeatd.core.fleet import Fleet
from daybeatd.core.heartbeat import FIRST_RUN, HEARTBEAT, Heartbeat
from daybeatd.core.heritage import Heritage
from daybeatd.core.schedule import Moment, window_start
from daybeatd.core.settings import Settings
from daybeatd.core.undeclared import Undeclared
from daybeatd.core.window import COUNTER, DROPPED, ERROR, Window

#: Frames of unknown policies that wait for them, and for how many seconds.
MAX_PARKED = 1024
PARKED_FOR = 60.0
MAX_PRODUCTS = 256
MAX_POLICIES = 1024
#: Versions of a product whose end is remembered.
MAX_ENDED = 32

STAYS = "these numbers stay here"
NO_SINK = "it has no sink"

LOCAL = "local"
NONE = "none"


@dataclass(slots=True)
class Product:
    """One product on this machine. The salt never leaves it."""

    name: str
    install_id: str
    salt: bytes
    first_seen: float
    version: str = "unknown"
    system: dict[str, str | bool | None] = field(default_factory=dict)
    host_class: str = "person"
    #: Whether its first run was announced.
    announced: bool = False
    #: The last decision of the person that was seen in force, to notice a change.
    choice: str = ""
    changed: bool = True


@dataclass(slots=True)
class Declared:
    """A policy as some process declared it."""

    digest: bytes
    packed: bytes
    policy: Policy
    rule: str
    rules: privacy.Rules
    #: "on", "local" or "off", as of the last look at the recorded choices.
    mode: str = "off"
    #: Grows with each declaration: the highest is the one declared last.
    order: int = 0
    changed: bool = True


@dataclass(slots=True)
class Stream:
    """Numbers of one product bound for one place."""

    product: str
    destination: str
    window: Window
    #: When the last heartbeat was built, or the stream was first seen, and whether that is so.
    last: Moment
    first: bool = True
    sequence: int = 1
    #: The policy under which it was fed last.
    digest: bytes = b""
    changed: bool = True
    #: The versions of the product of which the receiver wants no more.
    ended: tuple[str, ...] = ()
    #: Whether the receiver's last answer allowed bodies compressed by gzip.
    gzip: bool = False
    #: What the receiver answered last, in one line; "" before it did. A new daemon knows it of what was delivered.
    told: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.product, self.destination


@dataclass(frozen=True, slots=True)
class Change:
    """A product's consent changed. `ended`: what is held of it is to be deleted. `stays`: it may never be sent."""

    product: str
    choice: str
    ended: bool
    stays: bool = False


@dataclass(slots=True)
class Parked:
    frame: wire.Frame
    pid: int
    until: float


class Ledger:
    """`new_id` gives a fresh UUID, `new_salt` a fresh secret; `recorded` reads a recorded choice (see consent)."""

    def __init__(
        self,
        new_id: Callable[[], str],
        new_salt: Callable[[], bytes],
        recorded: Callable[[str], str],
        inherit: Callable[[str], Heritage | None] = lambda _: None,
    ) -> None:
        self._new_id = new_id
        self._new_salt = new_salt
        self._recorded = recorded
        self._inherit = inherit
        self._heritage: dict[str, Heritage] = {}
        self.products: dict[str, Product] = {}
        self.declared: dict[bytes, Declared] = {}
        self.streams: dict[tuple[str, str], Stream] = {}
        #: Of the streams that go out in events: never on disk.
        self.batches: dict[tuple[str, str], Batch] = {}
        self.fleet = Fleet()
        self.forgotten_policies: set[bytes] = set()
        self.undeclared = Undeclared()
        self._parked: deque[Parked] = deque()
        #: What the person set beside consent.
        self.settings = Settings()
        #: Frames that no policy came for, or that were no frames.
        self.refused = 0

    # Frames in.

    def apply(self, frame: wire.Frame, pid: int, now: Moment) -> None:
        """Take in one frame that a process with `pid` sent (0: unknown)."""
        payload = frame.payload
        if type(payload) is wire.Declaration:
            self._declare(frame.digest, payload, now)
            return
        declared = self.declared.get(frame.digest)
        if declared is None:
            self._park(frame, pid, now)
        elif declared.mode != "off":
            self._feed(declared, frame, pid, now)

    def _declare(self, digest: bytes, declaration: wire.Declaration, now: Moment) -> None:
        policy = with_safe_version(declaration.policy)
        if digest not in self.declared:
            if policy.product not in self.products and len(self.products) >= MAX_PRODUCTS:
                self.refused += 1
                return
            product = self._product(policy.product, now)
            packed = wire.packed(policy, declaration.rule)
            rules = privacy.Rules(policy, product.salt)
            self._forget_an_old_policy()
            self.declared[digest] = Declared(digest, packed, policy, declaration.rule, rules)
            self.decide(self.declared[digest])
        last = max(declared.order for declared in self.declared.values())
        if not self.declared[digest].order or self.declared[digest].order < last:
            self.declared[digest].order = last + 1
            self.declared[digest].changed = True
        self._unpark(digest, now)

    def _forget_an_old_policy(self) -> None:
        """Make room for one more. Every version is a policy, and a machine meets many in its life."""
        if len(self.declared) < MAX_POLICIES:
            return
        used = {stream.digest for stream in self.streams.values()}
        spare = [declared for declared in self.declared.values() if declared.digest not in used]
        oldest = min(spare or self.declared.values(), key=lambda declared: declared.order)
        del self.declared[oldest.digest]
        self.forgotten_policies.add(oldest.digest)

    def _unpark(self, digest: bytes, now: Moment) -> None:
        """Take in what waited for this policy; count what waited too long for another."""
        if not self._parked:
            return
        waiting, self._parked = self._parked, deque()
        for parked in waiting:
            if parked.until <= now.wall:
                self.refused += 1
            elif parked.frame.digest == digest:
                self.apply(parked.frame, parked.pid, now)
            else:
                self._parked.append(parked)

    def _product(self, name: str, now: Moment) -> Product:
        if name not in self.products:
            self.products[name] = Product(name, self._new_id(), self._new_salt(), now.wall)
            left = self._inherit(name)
            if left is not None:
                self._take_over(self.products[name], left)
        return self.products[name]

    def _take_over(self, product: Product, left: Heritage) -> None:
        """A product's life here began before daybeat came."""
        product.install_id = left.user_id or product.install_id
        product.first_seen = left.created if left.created is not None else product.first_seen
        product.announced = True
        self._heritage[product.name] = left

    def _take_over_numbers(self, declared: Declared, stream: Stream) -> None:
        left = self._heritage.pop(stream.product, None)
        for name, n in left.counters.items() if left is not None else ():
            kept, reason = declared.rules.name(name)
            if kept:
                stream.window.count(COUNTER, kept, n, declared.rules)
            else:
                stream.window.drop(reason, n)
        if left is not None and left.last is not None:
            stream.last, stream.first = Moment(left.last, 0.0, ""), False
            stream.window.start = left.last

    def _park(self, frame: wire.Frame, pid: int, now: Moment) -> None:
        if len(self._parked) >= MAX_PARKED:
            self._parked.popleft()
            self.refused += 1
        self._parked.append(Parked(frame, pid, now.wall + PARKED_FOR))

    def _feed(self, declared: Declared, frame: wire.Frame, pid: int, now: Moment) -> None:
        product = self.products[declared.policy.product]
        stream = self._stream(declared, now)
        window = stream.window
        window.greet(frame.nonce)
        self.fleet.heard(pid, product.name)
        if declared.rule == consent.ENVIRONMENT:
            self.fleet.heard(pid, _by_environment(product.name))
        payload = frame.payload
        if type(payload) is wire.Counts:
            self._count(declared, window, payload)
        elif type(payload) is wire.Process:
            product.system = privacy.system(payload.facts, product.name)
            product.host_class = host_class(payload.facts)
            product.version = declared.policy.version
            product.changed = True
        elif type(payload) is wire.Record:
            self._record(declared, product, stream, payload)

    def note_peaks(self) -> None:
        """After a turn's frames and connections: how many processes were there at once."""
        for product, peak in self.fleet.settle().items():
            for stream in self.streams_of(product):
                if stream.window.seen:
                    stream.window.at_once(peak)

    def _count(self, declared: Declared, window: Window, counts: wire.Counts) -> None:
        rules = declared.rules
        for name, n in counts.counts.items():
            kept, reason = rules.name(name)
            if kept:
                window.count(COUNTER, kept, n, rules)
            else:
                self._drop(declared, window, name, reason, n)
        for name, n in counts.errors.items():
            window.count(ERROR, rules.error(name), n)
        for observed in counts.observed:
            self._observe(declared, window, observed)
        for reason, n in counts.dropped.items():
            window.drop(reason, n)

    def _record(self, declared: Declared, product: Product, stream: Stream, record: wire.Record) -> None:
        """Count a record, and keep the event that it makes until it is sent, where it may be."""
        window, policy = stream.window, declared.policy
        if policy.delivery != "events":
            self._count(declared, window, wire.Counts(counts={record.kind: 1}, errors={}, observed=(), dropped={}))
            return
        salt = record.salt or product.salt.hex()
        event, reasons = records.record(record.kind, record.fields, record.time, salt, frozenset(policy.errors))
        for reason in reasons:
            window.drop(reason)
        if not event:
            return
        window.count(COUNTER, record.kind, 1, declared.rules)
        if record.kind == "error":
            window.count(ERROR, str(event["error_type"]), 1, declared.rules)
        if record.kind == "performance":
            window.observe(str(event["metric_name"]), str(event["unit"]), [float(str(event["value"]))], declared.rules)
        if self.goes_in_events(stream) and not self.why_held(stream):
            gone = self.batches.setdefault(stream.key, Batch()).add(event)
            if gone:
                window.drop("overflow", gone)

    def goes_in_events(self, stream: Stream) -> bool:
        """Whether what goes out of a stream are its events and no heartbeats."""
        declared = self.declared.get(stream.digest)
        sink = self.sink_for(stream)
        in_events = declared is not None and declared.policy.delivery == "events"
        return in_events and sink is not None and sink.kind in TAKERS

    def batch_size(self, stream: Stream) -> int:
        """How many events of a stream are sent together."""
        declared = self.declared.get(stream.digest)
        return declared.policy.batch_size if declared is not None else 1

    def discard(self, stream: Stream) -> None:
        """Forget events that may not be sent any more."""
        batch = self.batches.pop(stream.key, None)
        if batch is not None and len(batch):
            stream.window.drop("lost", len(batch))

    def _observe(self, declared: Declared, window: Window, observed: wire.Observed) -> None:
        key, unit, reasons = declared.rules.observation(observed.name, observed.unit, observed.tags)
        if not key:
            self._drop(declared, window, observed.name, reasons[0], len(observed.values))
            return
        for reason in reasons:
            window.drop(reason, len(observed.values))
        values = [value for value in map(privacy.value, observed.values) if value is not None]
        if len(values) < len(observed.values):
            window.drop(privacy.UNSAFE, len(observed.values) - len(values))
        if values:
            window.observe(key, unit, values, declared.rules)

    def _drop(self, declared: Declared, window: Window, name: str, reason: str, n: int) -> None:
        window.drop(reason, n)
        if reason == privacy.UNDECLARED:
            self.undeclared.note(declared.policy.product, name, declared.policy.declare)

    def _stream(self, declared: Declared, now: Moment) -> Stream:
        product = declared.policy.product
        destination = LOCAL if declared.mode == "local" else destination_of(self.sink_of(declared))
        stream = self.streams.get((product, destination))
        if stream is not None and declared.policy.version in stream.ended:
            destination = LOCAL
            stream = self.streams.get((product, destination))
        if stream is None:
            window = Window(self._new_id(), now.wall)
            stream = self.streams[product, destination] = Stream(product, destination, window, now)
            self._take_over_numbers(declared, stream)
        if stream.digest != declared.digest:
            stream.digest = declared.digest
            stream.changed = True
        return stream

    # Consent.

    def decide(self, declared: Declared) -> None:
        """Look at the recorded choices again for one policy."""
        declared.mode = self.mode_of(declared)

    def mode_of(self, declared: Declared) -> str:
        """What the person's recorded choices make of a policy that a process reports under."""
        if consent.all_off(self._recorded) is not None:
            return "off"
        if declared.rule == consent.ENVIRONMENT:
            return "on"
        return consent.by_record(declared.policy, self._recorded).mode

    def look_at_choices(self) -> list[Change]:
        """Enforce the recorded choices as they are now, and tell what changed."""
        for declared in self.declared.values():
            self.decide(declared)
        changes = []
        for product in self.products.values():
            decision = self.decision_for(product.name)
            choice = decision.mode if decision.rule == consent.RECORDED else f"{decision.mode} by default"
            if choice != product.choice:
                ended = choice == "off" or (decision.mode == "off" and product.choice != "")
                changes.append(Change(product.name, choice, ended, stays=decision.mode == "local"))
                product.choice = choice
                product.changed = True
        return changes

    def decision_for(self, product: str) -> consent.Decision:
        """The decision in force for those processes of a product whose environment says nothing."""
        everyone = consent.all_off(self._recorded)
        declared = self.latest(product)
        if everyone is not None:
            return everyone
        if declared is None:
            return consent.Decision("off", "no process has declared it since", consent.DEFAULT)
        return consent.by_record(declared.policy, self._recorded)

    def kept_on(self, product: str) -> list[int]:
        """The pids of live processes that their environment keeps on although the record does not.

        None where all are off: no environment is stronger than that.
        """
        if self.decision_for(product).mode == "on" or consent.all_off(self._recorded) is not None:
            return []
        return self.fleet.pids(_by_environment(product))

    def latest(self, product: str) -> Declared | None:
        """The policy declared last for a product, as far as it is known."""
        found = [declared for declared in self.declared.values() if declared.policy.product == product]
        return max(found, key=lambda declared: declared.order, default=None)

    # Heartbeats out.

    def sink_of(self, declared: Declared) -> Sink | None:
        """Where the person lets a product's heartbeats go: its own sink, or another."""
        return self.settings.sink_for(declared.policy.product, declared.policy.sink)

    def sink_for(self, stream: Stream) -> Sink | None:
        """The sink that stands behind the stream's destination; None while there is none."""
        declared = self.declared.get(stream.digest)
        sink = self.sink_of(declared) if declared is not None else None
        return sink if sink is not None and destination_of(sink) == stream.destination else None

    def may_send(self, stream: Stream) -> bool:
        """Whether the stream has a place to go and the person lets it."""
        return not self.why_held(stream)

    def why_held(self, stream: Stream, version: str = "") -> str:
        """Why nothing of the stream, or of one version in it, is sent, in one line; "" when it may be."""
        declared = self.declared.get(stream.digest)
        if stream.destination == LOCAL:
            return STAYS
        if stream.destination == NONE:
            return NO_SINK
        if declared is None:
            return "no process has declared it since"
        if declared.mode != "on":
            return self.decision_for(stream.product).reason
        if self.settings.why_held(stream.product):
            return self.settings.why_held(stream.product)
        if self.sink_for(stream) is None:
            return "it goes elsewhere now" + (", by config.toml" if self.settings.replaces(stream.product) else "")
        version = version or declared.policy.version
        if version in stream.ended:
            return f"its receiver answered 410 Gone and wants no more of version {version}"
        return ""

    def may_go(self, key: tuple[str, str], version: str) -> bool:
        """Whether a heartbeat that was built for a stream, by a version of the product, may be sent now."""
        stream = self.streams.get(key)
        if stream is not None:
            return not self.why_held(stream, version)
        product, destination = key
        if self.settings.replaces(product) and destination_of(self.settings.sink_for(product, None)) != destination:
            return False
        return self.decision_for(product).mode == "on" and self.settings.may_send(product)

    def end(self, stream: Stream, version: str, windows: Iterable[Window], now: Moment) -> None:
        """The receiver wants no more of a version: what it did not take, in `windows`, and what is held stay here."""
        stream.ended = (*(each for each in stream.ended if each != version), version)[-MAX_ENDED:]
        self.keep_here(stream, windows, now)

    def keep_here(self, stream: Stream, windows: Iterable[Window], now: Moment) -> None:
        """What is held of the stream, and `windows` of it, may never be sent: it joins the product's local numbers."""
        local = self.streams.get((stream.product, LOCAL))
        if local is None:
            local = Stream(stream.product, LOCAL, Window(self._new_id(), now.wall), now, digest=stream.digest)
            self.streams[local.key] = local
        for each in (*windows, stream.window):
            local.window.merge(each)
        stream.window = Window(self._new_id(), now.wall)
        stream.changed = True

    def heartbeat(self, stream: Stream, now: float) -> Heartbeat:
        """What the stream's heartbeat says now. The same for a preview and for sending."""
        product = self.products[stream.product]
        window = stream.window
        return Heartbeat(
            kind=HEARTBEAT,
            beat_id=window.beat_id,
            sequence=stream.sequence,
            product=product.name,
            product_version=product.version,
            install_id=product.install_id,
            start=window_start(window.start, now),
            end=now,
            system=product.system,
            host_class=product.host_class,
            counters=dict(window.numbers[COUNTER]),
            distributions=dict(window.distributions),
            errors=dict(window.numbers[ERROR]),
            processes=window.processes,
            peak=window.peak,
            dropped=dict(window.numbers[DROPPED]),
        )

    def first_run(self, product: Product, now: float) -> Heartbeat:
        return Heartbeat(
            kind=FIRST_RUN,
            beat_id=self._new_id(),
            sequence=0,
            product=product.name,
            product_version=product.version,
            install_id=product.install_id,
            start=now,
            end=now,
            system=product.system,
            host_class=product.host_class,
        )

    def close(self, stream: Stream, now: Moment) -> None:
        """Begin a new window: the numbers so far are in a heartbeat."""
        stream.window = Window(self._new_id(), now.wall)
        self.undeclared.ease(stream.product)
        stream.sequence += 1
        stream.last = now
        stream.first = False
        stream.changed = True

    def absorb(self, other: Ledger) -> None:
        """Take in what an earlier daemon left. Its identities stand; its numbers are added to ours."""
        for name, product in other.products.items():
            mine = self.products.get(name)
            if mine is not None:
                product.version, product.system, product.host_class = mine.version, mine.system, mine.host_class
                product.announced = product.announced or mine.announced
                product.changed = True
            self.products[name] = product
        for digest, declared in [*other.declared.items(), *self.declared.items()]:
            declared.rules = privacy.Rules(declared.policy, self.products[declared.policy.product].salt)
            self.declared[digest] = declared
        for key, stream in other.streams.items():
            ours = self.streams.get(key)
            if ours is not None:
                stream.window.merge(ours.window)
                stream.digest = ours.digest
                stream.told = ours.told or stream.told
                stream.changed = True
            self.streams[key] = stream

    def forget(self, product: str) -> None:
        """Erase a product's numbers and its identity: a new install id and salt. Live processes go on under those."""
        old = self.products.pop(product)
        self.erase(product)
        fresh = Product(product, self._new_id(), self._new_salt(), old.first_seen)
        # That its first run was told once is all that stays: it is told once in a life.
        fresh.announced, fresh.choice = old.announced, old.choice
        fresh.version, fresh.system, fresh.host_class = old.version, old.system, old.host_class
        self.products[product] = fresh
        for declared in self.declared.values():
            if declared.policy.product == product:
                declared.rules = privacy.Rules(declared.policy, fresh.salt)

    def erase(self, product: str) -> None:
        """Forget a product's numbers. Its policies stay known: they are the product's, not the person's."""
        for key in [key for key in self.streams if key[0] == product]:
            del self.streams[key]
            self.batches.pop(key, None)
        self.undeclared.forget(product)

    def streams_of(self, product: str) -> Iterator[Stream]:
        return (stream for stream in self.streams.values() if stream.product == product)

    def touch(self) -> None:
        """Everything is to be saved again."""
        for product in self.products.values():
            product.changed = True
        for declared in self.declared.values():
            declared.changed = True
        for stream in self.streams.values():
            stream.changed = True
            stream.window.touch()


def with_safe_version(policy: Policy) -> Policy:
    """The policy without what a version can hide: a local label is free text. This is what is kept and told."""
    fields = {name: getattr(policy, name) for name in policy.__slots__}
    return Policy(**{**fields, "version": privacy.version(policy.version)})


def destination_of(sink: Sink | None) -> str:
    """The name of the place that a sink stands for, without what may be a credential."""
    if sink is None:
        return NONE
    if sink.kind == "file":
        return f"file {sink.url}"
    scheme, _, rest = sink.url.partition("://")
    for mark in "/?#\\":
        rest = rest.partition(mark)[0]
    where = f"{scheme}://{rest.rpartition('@')[2]}"  # a path may be a key, too: those of web hooks are
    # Two paths, or keys of two projects, are two places; what tells them apart must not tell the key.
    mark = wire.digest_of(f"{sink.url} {sink.key}".encode()).hex()[:8]
    return f"{sink.kind} {where} {mark}"


def _by_environment(product: str) -> str:
    """The fleet's group of those processes that their environment switched on; no product has a space in its name."""
    return f"{product} by environment"


def host_class(facts: Mapping[str, Any]) -> str:
    if facts.get("ci") is True:
        return "ci"
    return "ephemeral" if facts.get("os.containerized") is True else "person"
