"""The decision for one product, in the order that a person can rely on. Pure: a function gives the recorded choices.

The same function runs in the client, which obeys it, and in the daemon, which enforces it.
"""

from __future__ import annotations

from .endpoint import ADMIN_CONSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .policy import Policy

OFF_WORDS = ("false", "0", "no", "off", "disable", "disabled")
ON_WORDS = ("true", "1", "yes", "on", "enable", "enabled")
CHOICES = ("on", "local", "off")
#: Bytes that a recorded choice may have, blanks included.
MAX_CHOICE = 64
#: Stands for a recorded choice that can't be read: no word of CHOICES, so it grants nothing.
UNREADABLE = "?"

#: The name under which an administrator's choice for everyone is asked for.
ADMINISTRATOR = "/etc"
ALL = "all"

# The kinds of rule that decide. What RECORDED or DEFAULT decided the daemon decides again: the person may have chosen
# otherwise since.
ENVIRONMENT = "environment"
RECORDED = "recorded"
DEFAULT = "default"
RULES = (ENVIRONMENT, RECORDED, DEFAULT)


class Decision:
    """`mode` is "on", "local" or "off"; `reason` says why in one line; `rule` is the kind of rule that decided."""

    __slots__ = ("mode", "reason", "rule")

    def __init__(self, mode: str, reason: str, rule: str) -> None:
        self.mode = mode
        self.reason = reason
        self.rule = rule


def decide(policy: Policy, environ: Mapping[str, str], recorded: Callable[[str], str]) -> Decision:
    """The decision for `policy`.

    `recorded(name)` gives the text of a recorded choice ("" when there is none) for a product's name, for `ALL`, and
    for `ADMINISTRATOR`; it is not called where rules 1 and 2 decide, so that off opens no file.
    """
    silenced = off_by_environment(policy.env_var, environ)
    if silenced is not None:
        return silenced
    everyone = all_off(recorded)
    if everyone is not None:
        return everyone
    value = environ.get(policy.env_var)
    if value is not None:
        if _word(value) in ON_WORDS:
            return Decision("on", f"{policy.env_var} switches it on", ENVIRONMENT)
        if policy.consent == "opt-in":
            return Decision("off", f"{policy.env_var} has a value that is not one of {' '.join(ON_WORDS)}", ENVIRONMENT)
    return by_record(policy, recorded)


def off_by_environment(env_var: str, environ: Mapping[str, str]) -> Decision | None:
    """Rules 1 and 2, which need nothing but the environment."""
    do_not_track = environ.get("DO_NOT_TRACK", "")
    if do_not_track and _word(do_not_track) not in ("0", "false"):
        return Decision("off", "DO_NOT_TRACK is set", ENVIRONMENT)
    if _word(environ.get(env_var, "")) in OFF_WORDS:
        return Decision("off", f"{env_var} switches it off", ENVIRONMENT)
    return None


def all_off(recorded: Callable[[str], str]) -> Decision | None:
    """Rule 3: the one switch that is stronger than any environment. The daemon asks this again for everything."""
    for name, file, said in (
        (ADMINISTRATOR, ADMIN_CONSENT, f"the administrator switched telemetry {{}} for all ({ADMIN_CONSENT})"),
        (ALL, "consent/all", "you switched telemetry {} for all products (daybeat off)"),
    ):
        found = _chosen(recorded(name), file, said)
        if found is not None and found.mode == "off":
            return found
    return None


def by_record(policy: Policy, recorded: Callable[[str], str]) -> Decision:
    """Rules 5 and 6: the recorded choice, else what the product's policy says. The daemon asks this again."""
    chosen = chosen_for(policy.product, recorded)
    if chosen is not None:
        return chosen
    if policy.consent == "opt-out":
        return Decision("on", f"{policy.product} is on unless you switch it off", DEFAULT)
    return Decision("off", f"{policy.product} is off until you switch it on", DEFAULT)


def chosen_for(product: str, recorded: Callable[[str], str]) -> Decision | None:
    """Rule 5 alone: the recorded choice for a product, or for all; None where nothing is recorded."""
    for name, whose in ((product, product), (ALL, "all products")):
        found = _chosen(recorded(name), f"consent/{name}", f"you chose {{}} for {whose}")
        if found is not None:
            return found
    return None


def _chosen(text: str, file: str, said: str) -> Decision | None:
    """What a record's text decides; None where nothing is recorded. Text that is no word of ours grants nothing."""
    word = word_of(text)
    if word in CHOICES:
        return Decision(word, said.format(word), RECORDED)
    if word:
        return Decision("off", f"{file} can't be read as one of {', '.join(CHOICES)}: it means off", RECORDED)
    return None


def word_of(text: str) -> str:
    """The word in a recorded choice's text, in lower case and without what editors add around it; "" for none."""
    return _word(text.removeprefix("\ufeff"))


def _word(text: str) -> str:
    return text.strip().lower()
