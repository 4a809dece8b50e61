"""A process declares its policy: the policy and its product become known, within bounds. Pure."""

from __future__ import annotations

from collections import Counter

from daybeat import privacy, wire
from daybeat.policy import Policy
from daybeatd.core import enforcement
from daybeatd.core.ledger import Declared, Ledger, Product
from daybeatd.core.legacy import Legacy
from daybeatd.core.schedule import Moment

MAX_PRODUCTS = 256
#: Products without a place whose names are kept.
MAX_TURNED_AWAY = 8
MAX_POLICIES = 1024
#: Bytes of all policies as they are packed; one that is known takes up to 43 times as many.
MAX_POLICY_BYTES = 1024 * 1024


def register(ledger: Ledger, digest: bytes, declaration: wire.Declaration, now: Moment) -> bool:
    """Know a policy, and that it was declared last; False where there are too many products for another one."""
    if digest not in ledger.declared:
        policy = _with_safe_version(declaration.policy)
        if policy.product not in ledger.products and len(ledger.products) >= MAX_PRODUCTS and not _free_a_place(ledger):
            _turn_away(ledger, policy.product)
            return False
        ledger.turned_away.pop(policy.product, None)
        product = _product(ledger, policy.product, now)
        packed = wire.packed(policy, declaration.rule)
        rules = privacy.Rules(policy, product.salt)
        _make_room(ledger, len(packed))
        ledger.declared[digest] = declared = Declared(digest, packed, policy, declaration.rule, rules)
        declared.mode = enforcement.mode_of(declared, ledger.recorded)
    _put_last(ledger, ledger.declared[digest])
    return True


def _with_safe_version(policy: Policy) -> Policy:
    """The policy without what a version can hide: a local label is free text. This is what is kept and told."""
    fields = {name: getattr(policy, name) for name in policy.__slots__}
    return Policy(**{**fields, "version": privacy.version(policy.version)})


def _product(ledger: Ledger, name: str, now: Moment) -> Product:
    if name not in ledger.products:
        ledger.products[name] = product = Product(name, ledger.new_id(), ledger.new_salt(), now.wall)
        legacy = ledger.take_over(name)
        if legacy is not None:
            ledger.legacy[name] = legacy
            _take_over(product, legacy)
    return ledger.products[name]


def _take_over(product: Product, legacy: Legacy) -> None:
    """Keep the id and the dates that the product had before daybeat: this is not its first run."""
    product.install_id = legacy.user_id or product.install_id
    product.first_seen = legacy.created if legacy.created is not None else product.first_seen
    product.announced = True


def _free_a_place(ledger: Ledger) -> bool:
    """Let go of the product declared longest ago of those of which nothing is held; whether there was one.

    Whoever was switched off stays known, for the person chose it.
    """
    if ledger.is_partial:
        return False  # what is held on disk is not known
    holding = {stream.product for stream in ledger.streams.values()} | ledger.legacy.keys()
    free = [
        name
        for name in ledger.products
        if name not in holding and not ledger.fleet.pids(name) and ledger.decision_for(name).mode != "off"
    ]
    if not free:
        return False
    order = {name: latest.order if (latest := ledger.latest(name)) is not None else 0 for name in free}
    gone = min(free, key=lambda name: order[name])
    del ledger.products[gone]
    ledger.forgotten_products.add(gone)
    ledger.undeclared.forget(gone)
    for declared in [each for each in ledger.declared.values() if each.policy.product == gone]:
        _forget_policy(ledger, declared)
    return True


def _turn_away(ledger: Ledger, product: str) -> None:
    ledger.turned_away.pop(product, None)
    ledger.turned_away[product] = None
    if len(ledger.turned_away) > MAX_TURNED_AWAY:
        del ledger.turned_away[next(iter(ledger.turned_away))]


def _make_room(ledger: Ledger, size: int) -> None:
    """Make room for one more policy of `size` bytes. Every version is one, and a machine meets many in its life."""
    while len(ledger.declared) >= MAX_POLICIES or (
        ledger.declared and size + sum(len(each.packed) for each in ledger.declared.values()) > MAX_POLICY_BYTES
    ):
        _forget_an_old_policy(ledger)


def _forget_an_old_policy(ledger: Ledger) -> None:
    """The product with the most, in bytes, gives one up: without any, what another holds would be off and erased."""
    many: Counter[str] = Counter()
    for declared in ledger.declared.values():
        many[declared.policy.product] += len(declared.packed)
    most = max(many, key=lambda product: many[product])
    used = {stream.digest for stream in ledger.streams_of(most)}
    theirs = [declared for declared in ledger.declared.values() if declared.policy.product == most]
    oldest = min(theirs, key=lambda declared: (declared.digest in used, declared.order))
    _forget_policy(ledger, oldest)


def _forget_policy(ledger: Ledger, declared: Declared) -> None:
    del ledger.declared[declared.digest]
    ledger.forgotten_policies.add(declared.digest)


def _put_last(ledger: Ledger, declared: Declared) -> None:
    last = max(each.order for each in ledger.declared.values())
    if not declared.order or declared.order < last:
        declared.order = last + 1
        declared.changed = True
