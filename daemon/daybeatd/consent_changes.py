"""Applies a change of consent: in memory, on disk, and to what is on its way."""

from __future__ import annotations

from daybeatd import ledgerfile, outboxfile
from daybeatd.batches import Batches
from daybeatd.core import closing, erasure
from daybeatd.core.destination import LOCAL
from daybeatd.core.enforcement import Change
from daybeatd.core.ledger import Ledger
from daybeatd.core.schedule import Moment
from daybeatd.keeper import Keeper
from daybeatd.post import Post
from daybeatd.statements import Statement


def apply(change: Change, keeper: Keeper, post: Post, batches: Batches, now: Moment) -> None:
    """Record the change with its date, and delete or hold back what it forbids, in one transaction."""
    statements = [ledgerfile.noting_choice(now.wall, change.product, change.choice)]
    if change.ended or change.stays:
        batches.withdraw(change.product, _why(change))
    if change.ended:
        statements += _end(change, keeper.ledger, post)
    elif change.stays:
        statements += _keep_here(change, keeper.ledger, post, now)
    keeper.save(statements, erases=change.ended)


def _end(change: Change, ledger: Ledger, post: Post) -> list[Statement]:
    erasure.erase(ledger, change.product)
    post.withdraw(change.product, _why(change))
    return ledgerfile.erasing(change.product)


def _why(change: Change) -> str:
    return f"{change.product} is {change.choice} now"


def _keep_here(change: Change, ledger: Ledger, post: Post, now: Moment) -> list[Statement]:
    """What is held, and what waits to be sent, joins the numbers that stay here."""
    withdrawn = post.withdraw(change.product, _why(change))
    statements = [outboxfile.dropping(parcel) for parcel in withdrawn]
    for stream in list(ledger.streams_of(change.product)):
        if stream.destination != LOCAL:
            windows = [each.window for each in withdrawn if each.key == stream.key and each.window is not None]
            statements += ledgerfile.closing(stream.key)
            closing.keep_here(ledger, stream, windows, now)
    return statements
