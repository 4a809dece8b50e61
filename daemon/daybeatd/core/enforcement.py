"""The person's recorded choices, enforced again on what processes decided for themselves. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from daybeat import consent
from daybeatd.core.fleet import by_environment
from daybeatd.core.ledger import UNDECLARED_SINCE, Declared, Ledger


@dataclass(frozen=True, slots=True)
class Change:
    """A product's consent changed. `ended`: what is held of it is to be deleted. `stays`: it may never be sent."""

    product: str
    choice: str
    ended: bool
    stays: bool = False


def mode_of(declared: Declared, recorded: Callable[[str], str]) -> str:
    """What the person's recorded choices make of a policy that a process reports under."""
    if consent.all_off(recorded) is not None:
        return "off"
    if declared.rule == consent.ENVIRONMENT:
        return "on"
    return consent.by_record(declared.policy, recorded).mode


def look_at_choices(ledger: Ledger) -> list[Change]:
    """Enforce the recorded choices as they are now, and tell what changed."""
    for declared in ledger.declared.values():
        declared.mode = mode_of(declared, ledger.recorded)
    changes = []
    for product in ledger.products.values():
        decision = ledger.decision_for(product.name)
        if decision.reason == UNDECLARED_SINCE:
            continue  # nothing of it is sent meanwhile, and nobody chose to have it deleted
        choice = decision.mode if decision.rule == consent.RECORDED else f"{decision.mode} by default"
        if choice != product.choice:
            ended = choice == "off" or (decision.mode == "off" and product.choice != "")
            changes.append(Change(product.name, choice, ended, stays=decision.mode == "local"))
            product.choice = choice
            product.changed = True
    return changes


def kept_on(ledger: Ledger, product: str) -> list[int]:
    """The pids of live processes that their environment keeps on although the record does not.

    None where all are off: no environment is stronger than that.
    """
    if ledger.decision_for(product).mode == "on" or consent.all_off(ledger.recorded) is not None:
        return []
    return ledger.fleet.pids(by_environment(product))
