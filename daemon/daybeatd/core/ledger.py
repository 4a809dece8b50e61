"""What the daemon knows: products, policies, streams, and where numbers may go. Pure: no clock, disk or randomness.

The modules beside this one change it: `intake` by what processes say, `enforcement` by what the person chose, `closing`
when a window ends, `erasure` when a person has it forgotten. What it holds in memory is the truth; the store keeps a
copy that is at most a second behind, written from what is marked as changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from daybeat import consent, privacy
from daybeat.policy import Policy, Sink
from daybeatd.core.batch import TAKERS, Batch
from daybeatd.core.destination import LOCAL, NONE, destination_of
from daybeatd.core.fleet import Fleet
from daybeatd.core.legacy import Legacy
from daybeatd.core.parking import Parking
from daybeatd.core.schedule import Moment
from daybeatd.core.settings import Settings
from daybeatd.core.undeclared import Undeclared
from daybeatd.core.window import Window

STAYS = "these numbers stay here"
NO_SINK = "it has no sink"
UNDECLARED_SINCE = "no process has declared it since"

#: Versions of a product whose end is remembered.
MAX_ENDED = 32

#: The classes of hosts.
PERSON = "person"
CI = "ci"
EPHEMERAL = "ephemeral"


@dataclass(slots=True)
class Product:
    """One product on this machine. The salt never leaves it."""

    name: str
    install_id: str
    salt: bytes
    first_seen: float
    version: str = "unknown"
    system: dict[str, str | bool | None] = field(default_factory=dict)
    host_class: str = PERSON
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


def ended_versions(*versions: str) -> tuple[str, ...]:
    """The versions whose end is remembered, each once, the last one last."""
    return tuple(reversed(dict.fromkeys(reversed(versions))))[-MAX_ENDED:]


@dataclass(slots=True)
class Ledger:
    """All that is known. What it can't decide by itself comes from the functions that it is given."""

    #: A fresh UUID.
    new_id: Callable[[], str]
    #: A fresh secret.
    new_salt: Callable[[], bytes]
    #: The recorded choice for a product, for all, or an administrator's (see `consent`); "" when there is none.
    recorded: Callable[[str], str]
    #: What a product kept before daybeat.
    take_over: Callable[[str], Legacy | None] = lambda _: None
    #: Until when, by the wall clock, the home directory counts as ephemeral.
    young_until: float = 0.0
    #: Whether what an earlier daemon left could not be read yet: until then, nothing is done that a product does once.
    is_partial: bool = False

    products: dict[str, Product] = field(default_factory=dict)
    declared: dict[bytes, Declared] = field(default_factory=dict)
    streams: dict[tuple[str, str], Stream] = field(default_factory=dict)
    #: Of the streams that go out in events: never on disk.
    batches: dict[tuple[str, str], Batch] = field(default_factory=dict)
    #: What was taken over from products that have no stream yet to count it in.
    legacy: dict[str, Legacy] = field(default_factory=dict)
    fleet: Fleet = field(default_factory=Fleet)
    parking: Parking = field(default_factory=Parking)
    undeclared: Undeclared = field(default_factory=Undeclared)
    #: What the person set beside consent.
    settings: Settings = field(default_factory=Settings)
    #: Policies, products and streams that are no longer known, and are still on disk.
    forgotten_policies: set[bytes] = field(default_factory=set)
    forgotten_products: set[str] = field(default_factory=set)
    forgotten_streams: set[tuple[str, str]] = field(default_factory=set)
    #: The last products for which there was no place, as a set in the order of their coming.
    turned_away: dict[str, None] = field(default_factory=dict)
    #: Whether the numbers take all the memory that there is for them, and the products that take more than their share.
    is_full: bool = False
    crowded: set[str] = field(default_factory=set)
    #: Frames without a policy: it never came, had no place, or the frame is of another version of the protocol.
    refused: int = 0

    def latest(self, product: str) -> Declared | None:
        """The policy declared last for a product, as far as it is known."""
        found = [declared for declared in self.declared.values() if declared.policy.product == product]
        return max(found, key=lambda declared: declared.order, default=None)

    def streams_of(self, product: str) -> Iterator[Stream]:
        return (stream for stream in self.streams.values() if stream.product == product)

    def decision_for(self, product: str) -> consent.Decision:
        """The decision in force for those processes of a product whose environment says nothing."""
        everyone = consent.all_off(self.recorded)
        declared = self.latest(product)
        if everyone is not None:
            return everyone
        if declared is not None:
            return consent.by_record(declared.policy, self.recorded)
        chosen = consent.chosen_for(product, self.recorded)
        if chosen is not None and chosen.mode == "off":
            return chosen
        return consent.Decision("off", UNDECLARED_SINCE, consent.DEFAULT)

    def rules_of(self, stream: Stream) -> privacy.Rules | None:
        """The rules under which the stream was fed last, while its policy is known."""
        declared = self.declared.get(stream.digest)
        return declared.rules if declared is not None else None

    # Where numbers go.

    def sink_of(self, declared: Declared) -> Sink | None:
        """Where the person lets a product's heartbeats go: its own sink, or another."""
        return self.settings.sink_for(declared.policy.product, declared.policy.sink)

    def sink_for(self, stream: Stream) -> Sink | None:
        """The sink that stands behind the stream's destination; None while there is none."""
        declared = self.declared.get(stream.digest)
        sink = self.sink_of(declared) if declared is not None else None
        return sink if sink is not None and destination_of(sink) == stream.destination else None

    def why_held(self, stream: Stream, version: str = "") -> str:
        """Why nothing of the stream, or of one version in it, is sent, in one line; "" when it may be."""
        declared = self.declared.get(stream.digest)
        if stream.destination == LOCAL:
            return STAYS
        if stream.destination == NONE:
            return NO_SINK
        if declared is None:
            return UNDECLARED_SINCE
        if declared.mode != "on":
            return self.decision_for(stream.product).reason
        if self.settings.why_held(stream.product):
            return self.settings.why_held(stream.product)
        if self.sink_for(stream) is None:
            return self.settings.why_elsewhere(stream.product)
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

    # Events that go out as such.

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

    # The copy on disk.

    def touch(self) -> None:
        """Everything is to be saved again."""
        for product in self.products.values():
            product.changed = True
        for declared in self.declared.values():
            declared.changed = True
        for stream in self.streams.values():
            stream.changed = True
            stream.window.touch()

    def absorb(self, other: Ledger) -> None:
        """Take in what an earlier daemon left. Its identities stand; its numbers are added to ours."""
        self.is_partial = False
        for name, product in other.products.items():
            self.legacy.pop(name, None)  # it was counted there
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
                stream.digest = ours.digest
                stream.window.merge(ours.window, self.rules_of(stream))
                if not ours.first:
                    stream.last, stream.first = ours.last, False
                stream.ended = ended_versions(*stream.ended, *ours.ended)
                if ours.told:
                    stream.told, stream.gzip = ours.told, ours.gzip
                stream.changed = True
            self.streams[key] = stream
