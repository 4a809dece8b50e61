"""THE privacy rules: what of a client's report may be kept. Pure; the daemon enforces them, `capture()` shows them.

An allowlist: what is not declared is dropped and counted by reason, `undeclared` or `unsafe`. The rules of shape that
a name under a declared `*` must survive are in `tripwires`; text, which only Mycelium's contract has, in `scrub`.
"""

from __future__ import annotations

import builtins
import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from typing import Any

from . import prose, tripwires, vocabulary
from .policy import MAX_NAME, MAX_TAGS, Policy, is_name, is_product, is_version
from .wire import MAX_COUNT
from .words import spoken

MAX_STRING = 200
MAX_LIST = 50
MAX_KEYS = 512
MAX_HEARTBEAT = 16 * 1024
MAX_EVENT = 4 * 1024

#: Eleven days in nanoseconds, a petabyte in bytes; the sum of nine such is still exact to the unit.
MAX_VALUE = 1e15

#: Verdicts remembered per policy and kind. A client that invents names empties the cache, it does not fill the memory.
MAX_VERDICTS = 2048

#: 64 bits: among the 512 names that a stream may hold, two identifiers meet by chance once in 10**14.
IDENTIFIER_DIGITS = 16

UNDECLARED = "undeclared"
UNSAFE = "unsafe"
OTHER_ERROR = "OtherError"
OTHER = "other"
UNKNOWN = "unknown"

_BUILTIN_TYPES = vocabulary.OTHER_BUILTINS | {
    name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)
}


class Rules:
    """One policy's verdicts. A verdict is found once and then remembered: a repeated name costs one look-up."""

    __slots__ = ("_errors", "_exact", "_names", "_observations", "_patterns", "_salt", "_tags", "_types", "_words")

    def __init__(self, policy: Policy, salt: bytes) -> None:
        """`salt` is the key under which open-valued identifiers are hashed."""
        self._salt = salt
        self._exact = frozenset(name for name in policy.declare if "*" not in name)
        self._patterns: dict[str, list[tuple[str, ...]]] = {}
        for pattern in (tuple(name.split(".")) for name in policy.declare if "*" in name):
            self._patterns.setdefault(pattern[0], []).append(pattern)
        self._tags = {key: frozenset(values) for key, values in policy.tags}
        self._types = policy.errors
        self._words = frozenset(word for package in policy.errors for word in spoken(package))
        self._names: dict[object, tuple[str, str]] = {}
        self._observations: dict[object, tuple[str, str, tuple[str, ...]]] = {}
        self._errors: dict[object, str] = {}

    @property
    def remembered(self) -> int:
        """How many verdicts are remembered."""
        return len(self._names) + len(self._observations) + len(self._errors)

    def forget(self) -> None:
        """Remember no verdict: each is found again."""
        for verdicts in (self._names, self._observations, self._errors):
            verdicts.clear()

    def is_declared_exactly(self, name: str) -> bool:
        return name in self._exact

    def name(self, name: object) -> tuple[str, str]:
        """`(name, "")` when it is kept, `("", reason)` when it is dropped."""
        try:
            return self._names[name]
        except (KeyError, TypeError):
            verdict = self._judge(name)
            if type(name) is str and len(name) <= MAX_NAME:
                _remember(self._names, name, verdict)
            return verdict

    def _judge(self, name: object) -> tuple[str, str]:
        if type(name) is not str:
            return "", UNSAFE
        if name in self._exact:
            return name, ""
        if not is_name(name):
            return "", UNSAFE
        reason = UNDECLARED
        segments = name.split(".")
        for pattern in self._patterns.get(segments[0], []) + self._patterns.get("*", []):
            for open_segments in _openings(pattern, segments):
                if not tripwires.trips(open_segments):
                    return name, ""
                reason = UNSAFE
        return "", reason

    def observation(self, name: object, unit: object, tags: object) -> tuple[str, str, tuple[str, ...]]:
        """`(key, unit, reasons)`: the key is the name with its kept tags, sorted, and "" when the name is dropped.

        `tags` is a mapping or a tuple of pairs. `reasons` has one entry for the name, or one for each tag left off.
        """
        try:
            return self._observations[name, unit, tags]
        except (KeyError, TypeError):
            pairs = _pairs(tags)
            verdict = self._observe(name, unit, pairs)
            # Only for strings: elsewhere equal keys can be unequal values (1 and True).
            if type(tags) is tuple and type(name) is str and type(unit) is str and _all_strings(pairs):
                _remember(self._observations, (name, unit, tags), verdict)
            return verdict

    def _observe(
        self, name: object, given: object, pairs: list[tuple[object, object]]
    ) -> tuple[str, str, tuple[str, ...]]:
        kept, reason = self.name(name)
        if not kept:
            return "", unit(given), (reason,)
        found: dict[str, str] = {}
        reasons = []
        for key, value in pairs:
            declared = self._tag(key, value)
            if type(key) is str and declared:
                found[key] = declared
            else:
                reasons.append(UNDECLARED)
        reasons += [UNDECLARED] * (len(found) - MAX_TAGS)
        inside = ",".join(f"{key}={value}" for key, value in sorted(found.items())[:MAX_TAGS])
        return (f"{kept}{{{inside}}}" if inside else kept), unit(given), tuple(reasons)

    def _tag(self, key: object, value: object) -> str:
        """The value that may be kept under `key`; "" for none."""
        if type(key) is not str or key not in self._tags:
            return ""
        text = str(value).lower() if type(value) is bool else str(value) if type(value) is int else value
        if type(text) is not str or not text:
            return ""
        if text in self._tags[key]:
            return text
        return identifier(text, self._salt) if is_identifying(key) else ""

    def error(self, name: object) -> str:
        """The name under which an error is counted: of a type that may be named, else `OtherError`.

        `name` is "module:QualName" of a real exception, or the name of a type as the host gave it. "<locals>" in it
        says that the module does not have the type: it may have been made at run time, and named after anything.
        """
        try:
            return self._errors[name]
        except (KeyError, TypeError):
            verdict = self._name_error(name)
            if type(name) is str and len(name) <= MAX_NAME:
                _remember(self._errors, name, verdict)
            return verdict

    def _name_error(self, name: object) -> str:
        if type(name) is not str or len(name) > MAX_NAME:
            return OTHER_ERROR
        module, colon, qualified = name.partition(":")
        if not colon:
            return self._named_error(name)
        *outer, bare = qualified.split(".")
        if not all(part.isidentifier() or part == "<locals>" for part in outer):
            return OTHER_ERROR  # a text that was cut at its last point: `jane@example.Com`
        if _is_pythons_own(module, bare):
            return bare
        full = f"{module}.{qualified}"
        if full in self._types and _is_type_name(bare):
            return bare
        declared = any(module == package or module.startswith(package + ".") for package in self._types)
        if not declared or not _is_type_name(bare) or tripwires.trips_type(bare):
            return OTHER_ERROR
        made = "<locals>" in outer
        return OTHER_ERROR if made and not tripwires.is_known_type(bare, self._words, strange=1) else bare

    def _named_error(self, name: str) -> str:
        """A string that the host gave: one of Python's own, or declared by that very name."""
        module, _, bare = name.rpartition(".")
        if _is_pythons_own(module or "builtins", bare) or (not module and bare in vocabulary.STDLIB_TYPES):
            return bare
        by_name = name in self._types or any(declared.endswith("." + name) for declared in self._types)
        return bare if by_name and _is_type_name(bare) else OTHER_ERROR


def _remember(verdicts: dict[object, Any], name: object, verdict: object) -> None:
    if len(verdicts) >= MAX_VERDICTS:
        verdicts.clear()
    verdicts[name] = verdict


def _openings(pattern: tuple[str, ...], segments: list[str]) -> Iterator[list[str]]:
    """For each way in which the pattern fits the name: the segments that its `*` stand for, in their order."""
    if not pattern or not segments:
        if not pattern and not segments:
            yield []
        return
    head, rest = pattern[0], pattern[1:]
    if head != "*":
        if head == segments[0]:
            yield from _openings(rest, segments[1:])
        return
    for taken in range(1, len(segments) - len(rest) + 1):
        for opened in _openings(rest, segments[taken:]):
            yield segments[:taken] + opened


def _pairs(tags: object) -> list[tuple[object, object]]:
    """The first tags of a mapping or a sequence of pairs; what is neither has none."""
    if isinstance(tags, Mapping):
        return list(tags.items())[:MAX_KEYS]
    if type(tags) is tuple or type(tags) is list:
        pairs = [pair for pair in tags[:MAX_KEYS] if type(pair) is tuple or type(pair) is list]
        return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]
    return []


def _all_strings(pairs: list[tuple[object, object]]) -> bool:
    return all(type(key) is str and type(value) is str for key, value in pairs)


def is_identifying(key: str) -> bool:
    """Whether a tag's key says that its values point at someone, so that open ones are hashed."""
    return key in ("user", "agent") or key.endswith("_id")


def _is_pythons_own(module: str, name: str) -> bool:
    """By closed lists of names alone: a module's name is what its type's maker says it is."""
    if module == "builtins":
        return name in _BUILTIN_TYPES
    return module.partition(".")[0] in vocabulary.STDLIB_MODULES and name in vocabulary.STDLIB_TYPES


_TYPE_NAME = re.compile(
    r"_{0,2}(?=[A-Z0-9]*[a-z]|.{1,8}$)[A-Z][A-Za-z0-9]{0,61}|error|timeout|[a-z]{1,12}(error|exception|warning|timeout)"
)


def _is_type_name(name: str) -> bool:
    """CapWords, as PEP 8 has it, or one of the old lower-case kind (`gaierror`). A phrase in snake_case is none."""
    return _TYPE_NAME.fullmatch(name) is not None


def is_public_type(name: str) -> bool:
    """Whether `name` is that of an exception type of Python or of a well-known package, by closed lists."""
    return name in _BUILTIN_TYPES or (name in vocabulary.STDLIB_TYPES and name[0] != "_") or name in prose.PUBLIC_TYPES


def unit(value: object) -> str:
    """The unit, one of a closed list; "1" for every other."""
    if type(value) is not str:
        return "1"
    if value in ("µs", "μs"):
        return "us"
    return value if value in vocabulary.UNITS else "1"


def count(value: object) -> int:
    """The count, 1 to 2**53; 0 when it cannot be kept."""
    return value if type(value) is int and 1 <= value <= MAX_COUNT else 0


def value(value: object) -> float | None:
    """The value, finite and at most 10**15 either way; None when it cannot be kept."""
    if type(value) is not int and type(value) is not float:
        return None
    return float(value) if -MAX_VALUE <= value <= MAX_VALUE else None  # NaN fails both comparisons


def identifier(value: str, salt: bytes) -> str:
    """HMAC-SHA-256 under `salt`, its first `IDENTIFIER_DIGITS` hex digits."""
    return hmac.digest(salt, _bytes(value), "sha256").hex()[:IDENTIFIER_DIGITS]


def agent(value: str, salt: str) -> str:
    """Mycelium's hash of an agent's id: SHA-256 of the id followed by the salt, 64 hex digits, as its guide has it."""
    return hashlib.sha256(_bytes(value + salt)).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


# One, two or three numbers: small ones, or a year first; then what PEP 440 has behind them, in any of its spellings.
# Nothing that could be a date of birth or a telephone number: that is why `1.0-1` is none, and no number is long.
_RELEASE = re.compile(
    r"v?([0-9]!)?([0-9]{1,2}|20[0-9]{2})(\.[0-9]{1,3}(\.([0-9]{1,3}|(?!19|20)[0-9]{4}))?)?"
    r"([-_.]?(alpha|beta|preview|pre|rc|a|b|c)[-_.]?[0-9]{0,3})?"
    r"([-_.]?(post|rev|r)[-_.]?[0-9]{0,3})?"
    r"([-_.]?dev[-_.]?[0-9]{0,4})?",
    re.IGNORECASE | re.ASCII,
)


def version(value: object) -> str:
    """A version without its local label, which is free text; "unknown" when it is none.

    Stricter than PEP 440, which an address of four numbers or a telephone number would satisfy as well.
    """
    if type(value) is not str or not is_version(value):
        return UNKNOWN
    public = value.partition("+")[0]
    return public if _RELEASE.fullmatch(public) else UNKNOWN


def system(facts: object, product: str = "") -> dict[str, str | bool | None]:
    """The system facts that may leave: fixed keys, each with a closed list or a strict grammar.

    With `product`, the only other key is `libraries.<product>`; without, that of any name that survives the tripwires.
    """
    if not isinstance(facts, Mapping):
        return {}
    kept: dict[str, str | bool | None] = {}
    for key, fact in facts.items():
        if key == "os.family":
            kept[key] = _among(fact, vocabulary.FAMILIES)
        elif key == "os.machine":
            kept[key] = _among(fact, vocabulary.MACHINES)
        elif key == "os.containerized":
            kept[key] = fact if type(fact) is bool else None
        elif key == "python.implementation":
            kept[key] = _among(fact, vocabulary.RUNTIMES)
        elif key == "python.version":
            kept[key] = version(fact.removesuffix("+") if type(fact) is str else fact)  # "+": built from a checkout
        elif type(key) is str and _is_library(key, product):
            kept[key] = False if fact is False else version(fact)
    return kept


def _among(fact: object, allowed: frozenset[str]) -> str:
    return fact if type(fact) is str and fact in allowed else OTHER


def _is_library(key: str, product: str) -> bool:
    group, _, name = key.partition(".")
    if key in vocabulary.LIBRARIES:
        return True
    if group != "libraries" or not is_product(name):
        return False
    return name == product if product else not tripwires.trips([name])
