"""A person's rights to what is held: `export` shows all of it, `forget` erases it."""

from __future__ import annotations

from daybeatd import bodies, ledgerfile
from daybeatd.admin import history
from daybeatd.admin.context import Context
from daybeatd.admin.status import of_parcel, of_product
from daybeatd.control import Answer, Reply
from daybeatd.core import erasure
from daybeatd.core.ledger import Product, Stream
from daybeatd.credentials import without
from daybeatd.sinks.contract import MissingExtra
from daybeatd.store import Rows


def export(context: Context, product: str, reply: Reply) -> None:
    """All that is held, credentials of sinks left out."""

    def then(rows: Rows) -> None:
        held = {each.name: _held(context, each, rows) for each in context.products(product)}
        reply({"products": without(held, (_keys(context) | history.former_keys(rows)) - {""})})

    history.read(context, product, reply, then)


def _held(context: Context, product: Product, rows: Rows) -> Answer:
    streams = [stream for stream in context.ledger.streams_of(product.name) if stream.window.seen]
    waiting = [parcel for parcel in context.keeper.outbox.values() if parcel.product == product.name]
    return {
        **of_product(context, product),
        "system": product.system,
        "class": product.host_class,
        "declared": _declared(context, product.name),
        "bodies": [_body(context, stream) for stream in streams],
        "waiting": [of_parcel(each) | {"body": bodies.stored(each.sink.kind, each.body)} for each in waiting],
        "history": [entry for entry in history.entries(rows) if entry["product"] == product.name],
        "consent_changes": history.changes(rows, product.name),
    }


def _declared(context: Context, product: str) -> list[Answer]:
    policies = [declared.policy for declared in context.ledger.declared.values() if declared.policy.product == product]
    return [policy.to_map() | {"sink": policy.sink and policy.sink.kind} for policy in policies]


def _body(context: Context, stream: Stream) -> str:
    try:
        return bodies.body(context.ledger, context.batches, stream, context.moment().wall)
    except MissingExtra as missing:
        return f"({missing})"


def _keys(context: Context) -> set[str]:
    """Of the sinks that heartbeats go to, would go to but for the person's settings, and are on their way to.

    Headers are in nothing that is held, and what a receiver repeats of them is left out when it is heard: a header as
    plain as `X-Env: 1` must not be looked for here, where it would be found in numbers and ids.
    """
    ledger = context.ledger
    sinks = {ledger.sink_of(declared) for declared in ledger.declared.values()}
    sinks |= {declared.policy.sink for declared in ledger.declared.values()}
    sinks |= {parcel.sink for parcel in context.keeper.outbox.values()}
    return {sink.key for sink in sinks if sink is not None}


def forget(context: Context, product: str, reply: Reply) -> None:
    """Erase all of it, here. `reply` comes when it is on disk."""
    keeper = context.keeper
    if keeper.fault:
        reply({"error": f"nothing is erased while the database can't be used ({keeper.fault}); mend that first"})
        return
    told = []
    for each in context.products(product):
        kinds = {stream.destination.partition(" ")[0] for stream in context.ledger.streams_of(each.name)}
        told.append({"product": each.name, "install_id": each.install_id, "sinks": sorted(kinds)})
        context.post.withdraw(each.name, f"{each.name} was forgotten")
        context.batches.withdraw(each.name, f"{each.name} was forgotten")
        erasure.forget(context.ledger, each.name)
        keeper.save(ledgerfile.forgetting(each.name), durable=True, erases=True)

    def then(_: object) -> None:
        later = f"erased in memory, and on disk as soon as the database can be used again ({keeper.fault})"
        reply({"error": later} if keeper.fault else {"forgotten": told})

    keeper.ask(lambda _: None, then)
