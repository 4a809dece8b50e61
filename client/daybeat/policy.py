"""What a product declares once: its policy, and where its heartbeats go. Frozen values, validated when they are made.

Both sides use this module: the client builds a policy from the host's arguments, the daemon from the map on the wire,
and the same rules hold for both. Kept free of `dataclasses`, `enum`, `re` and `typing`, whose import alone would cost
a host more than everything else here.
"""

from __future__ import annotations

from itertools import islice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, NoReturn

LOWER = "abcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"
SEGMENT = LOWER + DIGITS + "_-"

#: A person's choice for all products is recorded under this name.
RESERVED = "all"

MAX_SEGMENT = 64
MAX_SEGMENTS = 6
MAX_NAME = MAX_SEGMENTS * (MAX_SEGMENT + 1) - 1
MAX_DECLARED = 512
MAX_TAGS = 16
MAX_TAG_VALUES = 64
MAX_TEXT = 200
MAX_URL = 2048
#: Characters of one part of a host's name (RFC 1035).
MAX_LABEL = 63
MAX_HEADERS = 16
#: Entries of a host's mapping that one call looks at: it may be endless.
MAX_READ = 4096

DEFAULT_DECLARE = ("feature.*", "cli.*", "workflow.*", "tutorial.*")
CONSENTS = ("opt-in", "opt-out")
DELIVERIES = ("heartbeat", "events")
#: Records that are sent together under `delivery="events"`, where the product says nothing else, and at the most.
BATCH_SIZE = 100
MAX_BATCH_SIZE = 1000


class PolicyError(ValueError):
    """An invalid declaration; the message says which part, and what it should be."""


class Frozen:
    """An immutable value, equal by content: a dataclass without the import of `dataclasses`."""

    __slots__: tuple[str, ...] = ()

    def __init__(self, **fields: object) -> None:
        for name in self.__slots__:
            object.__setattr__(self, name, fields[name])

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __setstate__(self, state: tuple[None, Mapping[str, object]]) -> None:
        """For copies and pickles, which a host makes of what has a handle in it."""
        for name, value in state[1].items():
            object.__setattr__(self, name, value)

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(repr(self._values()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({fields})"


class Sink(Frozen):
    """Where heartbeats go. Made by `https_json`, `posthog`, `otlp` and `file`.

    `url` is an address, or the path of a file. `timeout` and `retry_backoff` are seconds and a factor;
    `retry_attempts` is the number of tries after the first.
    """

    __slots__ = ("headers", "key", "kind", "retry_attempts", "retry_backoff", "timeout", "url")
    kind: str
    url: str
    key: str
    timeout: float
    retry_attempts: int
    retry_backoff: float
    headers: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        # Keys, headers and the address itself may be credentials: none of them belongs in a log line.
        return f"Sink({self.kind})"

    def to_map(self) -> dict[str, Any]:
        fields = {name: getattr(self, name) for name in self.__slots__}
        fields["headers"] = dict(self.headers)
        return fields


class Unusable(Frozen):
    """An invalid description of a sink: `policy()` raises PolicyError with its `fault`."""

    __slots__ = ("fault",)
    fault: str


def https_json(
    url: str,
    timeout: float = 5,
    retry_attempts: int = 3,
    retry_backoff: float = 2.0,
    headers: Mapping[str, str] | None = None,
) -> Sink:
    """A JSON body, POSTed to `url` exactly as given. Raises PolicyError on an invalid value."""
    return _sink("https_json", url, timeout=timeout, attempts=retry_attempts, backoff=retry_backoff, headers=headers)


def posthog(api_key: str, host: str = "https://us.i.posthog.com") -> Sink:
    """A PostHog project: `POST <host>/batch/`. Raises PolicyError on an invalid value."""
    if not _is_text(api_key, MAX_TEXT) or not api_key:
        raise PolicyError("posthog: api_key must be the project's key, a string")
    return _sink("posthog", host, key=api_key)


def otlp(url: str, headers: Mapping[str, str] | None = None) -> Sink:
    """An OpenTelemetry receiver: OTLP over HTTP, `url` with its path. Raises PolicyError on an invalid value."""
    return _sink("otlp", url, headers=headers)


def file(path: str) -> Sink:
    """A file of one JSON object a line. `path` must be absolute: the daemon's working directory is another one."""
    fspath = getattr(path, "__fspath__", None)
    where = fspath() if fspath is not None else path
    if not _is_text(where, MAX_URL) or not where.startswith("/") or "\0" in where:
        raise PolicyError("file: path must be an absolute path")
    return _sink("file", where)


def _sink(
    kind: str,
    url: str,
    *,
    key: str = "",
    timeout: float = 5,
    attempts: int = 3,
    backoff: float = 2.0,
    headers: Mapping[str, str] | None = None,
) -> Sink:
    if kind != "file":
        fault = url_fault(url)
        if fault:
            raise PolicyError(f"{kind}: {fault}")
    if not _is_number(timeout) or not 0 < timeout <= 60:
        raise PolicyError(f"{kind}: timeout must be above 0 and at most 60 seconds")
    if type(attempts) is not int or not 0 <= attempts <= 10:
        raise PolicyError(f"{kind}: retry_attempts must be an integer from 0 to 10")
    if not _is_number(backoff) or not 1 <= backoff <= 10:
        raise PolicyError(f"{kind}: retry_backoff must be from 1 to 10")
    return Sink(
        kind=kind,
        url=url,
        key=key,
        timeout=float(timeout),
        retry_attempts=attempts,
        retry_backoff=float(backoff),
        headers=_headers(kind, headers),
    )


def url_fault(url: object) -> str:
    """What is wrong with a sink's address, in words; empty when nothing is.

    Only HTTPS leaves the machine; plain HTTP is for this machine alone.
    """
    if not _is_text(url, MAX_URL) or not isinstance(url, str) or not url.isprintable() or " " in url:
        return f"the address must be a string of at most {MAX_URL} printable characters"
    scheme, separator, rest = url.partition("://")
    authority = rest.replace("?", "/").replace("#", "/").replace("\\", "/").partition("/")[0]
    host = host_of(authority)
    if not separator or not host or scheme.lower() not in ("http", "https"):
        return "the address must look like https://host/path"
    if scheme.lower() == "http" and not is_local(host):
        return "the address must be https (plain http is for localhost alone)"
    return ""


def host_of(authority: str) -> str:
    """The host in `user@host:port`, lower-cased, without the brackets of an IPv6 address; "" where none can be."""
    where = authority.rpartition("@")[2].lower()
    if where.startswith("["):
        host, bracket, after = where[1:].partition("]")
        beside, colon, port = after.partition(":")
        holds = bracket and not beside and _is_ipv6(host)
    else:
        host, colon, port = where.partition(":")
        labels = host.removesuffix(".").split(".")
        holds = not "".join(filter(str.isascii, host)).strip(SEGMENT + ".")  # others are letters of some script
        holds = holds and all(0 < len(label) <= MAX_LABEL for label in labels)
        if holds and not labels[-1].strip(DIGITS):  # no domain at the top is a number
            holds = _is_ipv4(host)
    return host if holds and (not colon or _is_port(port)) else ""


def _is_ipv4(host: str) -> bool:
    octets = host.split(".")
    return len(octets) == 4 and all(
        0 < len(octet) <= 3 and not octet.strip(DIGITS) and octet == str(int(octet)) and int(octet) <= 255
        for octet in octets
    )


def _is_ipv6(host: str) -> bool:
    """Whether it is one as RFC 4291 writes them, in lower case, without a zone."""
    before, _, last = host.rpartition(":")
    if "." in last:
        if not _is_ipv4(last):
            return False
        host = before + ":0:0"
    left, gap, right = host.partition("::")
    groups = [group for side in (left, right) if side for group in side.split(":")]
    holds = all(0 < len(group) <= 4 and not group.strip(DIGITS + "abcdef") for group in groups)
    return holds and (len(groups) < 8 if gap else len(groups) == 8)


def _is_port(text: str) -> bool:
    return 0 < len(text) <= 5 and not text.strip(DIGITS) and 0 < int(text) < 2**16


def is_local(host: str) -> bool:
    """Localhost is `localhost`, 127.0.0.0/8 and ::1, and no other name."""
    return host in ("localhost", "::1") or (host.startswith("127.") and _is_ipv4(host))


def _headers(kind: str, headers: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    pairs = sorted(_items(headers, f"{kind}: headers", MAX_HEADERS))
    for name, value in pairs:
        if not _is_text(name, MAX_TEXT) or not name or name.lower().strip(SEGMENT):
            raise PolicyError(f"{kind}: a header's name must be letters, digits, - and _")
        if not _is_text(value, MAX_URL) or not value.isprintable() or not value.isascii():
            raise PolicyError(f"{kind}: the value of header {name} must be printable ASCII")
    return tuple(pairs)


class Policy(Frozen):
    """What one product may report, whether, and where to. Build it with `policy()`.

    `batch_size` belongs to `delivery="events"`: so many records are sent together.
    """

    __slots__ = (
        *("batch_size", "consent", "declare", "delivery", "env_var", "errors", "product", "sink", "tags", "version"),
    )
    product: str
    version: str
    consent: str
    env_var: str
    declare: tuple[str, ...]
    tags: tuple[tuple[str, tuple[str, ...]], ...]
    errors: tuple[str, ...]
    sink: Sink | None
    delivery: str
    batch_size: int

    def to_map(self) -> dict[str, Any]:
        """The policy as the wire carries it. Descriptions stay with the product: they are for its privacy page."""
        batches = {"batch_size": self.batch_size} if self.delivery == "events" else {}
        return {
            "product": self.product,
            "version": self.version,
            "consent": self.consent,
            "env_var": self.env_var,
            "declare": list(self.declare),
            "tags": {key: list(values) for key, values in self.tags},
            "errors": list(self.errors),
            "sink": self.sink.to_map() if self.sink is not None else None,
            "delivery": self.delivery,
            **batches,
        }


def policy(
    product: str,
    *,
    version: str = "unknown",
    consent: str = "opt-in",
    env_var: str | None = None,
    declare: Iterable[str] | Mapping[str, str] | None = None,
    tags: Mapping[str, Iterable[str]] | None = None,
    errors: Iterable[str] | None = None,
    sink: Sink | Unusable | None = None,
    delivery: str = "heartbeat",
    batch_size: int = BATCH_SIZE,
) -> Policy:
    """A validated policy. Raises PolicyError, whose message names the part and what it should be."""
    if not is_product(product):
        raise PolicyError("product must match [a-z][a-z0-9_-]{0,31}")
    if product == RESERVED:
        raise PolicyError(f'"{RESERVED}" stands for all products and can be the name of none')
    if consent not in CONSENTS:
        raise PolicyError('consent must be "opt-in" or "opt-out"')
    if delivery not in DELIVERIES:
        raise PolicyError('delivery must be "heartbeat" or "events"')
    if type(sink) is Unusable:
        raise PolicyError(sink.fault)
    if type(batch_size) is not int or not 1 <= batch_size <= MAX_BATCH_SIZE:
        raise PolicyError(f"batch_size must be an integer from 1 to {MAX_BATCH_SIZE}")
    if sink is not None and type(sink) is not Sink:
        raise PolicyError("sink must come from daybeat.https_json, posthog, otlp or file, or be None")
    variable = env_var if env_var is not None else default_env_var(product)
    if not _is_text(variable, MAX_TEXT) or not variable.isascii() or not variable.isidentifier():
        raise PolicyError("env_var must be the name of an environment variable: letters, digits and _")
    return Policy(
        product=product,
        version=version if is_version(version) else "unknown",
        consent=consent,
        env_var=variable,
        declare=_declared(DEFAULT_DECLARE if declare is None else declare),
        tags=_tags(tags),
        errors=_packages(() if errors is None else errors),
        sink=sink,
        delivery=delivery,
        batch_size=batch_size if delivery == "events" else BATCH_SIZE,
    )


def policy_from_map(fields: Mapping[str, Any]) -> Policy:
    """The policy that a client sent. Raises PolicyError for anything that `policy()` would not have made."""
    expected = set(Policy.__slots__) - (set() if fields.get("delivery") == "events" else {"batch_size"})
    if set(fields) != expected:
        raise PolicyError("a policy has exactly the fields " + ", ".join(sorted(expected)))
    sink = fields["sink"]
    return policy(**{**fields, "sink": sink_from_map(sink) if sink is not None else None})


def sink_from_map(fields: object) -> Sink:
    if type(fields) is not dict or set(fields) != set(Sink.__slots__):
        raise PolicyError("a sink has exactly the fields " + ", ".join(Sink.__slots__))
    kind, url, key = fields["kind"], fields["url"], fields["key"]
    if kind == "posthog":
        posthog(key, url)
    elif kind == "file":
        file(url)
    elif kind not in ("https_json", "otlp"):
        raise PolicyError("no such sink")
    return _sink(
        kind,
        url,
        key=key if kind == "posthog" else "",
        timeout=fields["timeout"],
        attempts=fields["retry_attempts"],
        backoff=fields["retry_backoff"],
        headers=fields["headers"],
    )


def is_product(product: object) -> bool:
    return type(product) is str and 1 <= len(product) <= 32 and product[0] in LOWER and _all_in(product, SEGMENT)


def default_env_var(product: str) -> str:
    return product.upper().replace("-", "_") + "_TELEMETRY_ENABLED"


def is_name(name: object) -> bool:
    """Whether `name` is 1 to 6 dotted segments of 1 to 64 characters of [a-z0-9_-]."""
    return type(name) is str and len(name) <= MAX_NAME and _segments_hold(name.split("."), wildcard=False)


def is_pattern(name: object) -> bool:
    """A name in which whole segments may be `*`, which stands for one or more of them."""
    return type(name) is str and len(name) <= MAX_NAME and _segments_hold(name.split("."), wildcard=True)


def _segments_hold(segments: list[str], *, wildcard: bool) -> bool:
    return len(segments) <= MAX_SEGMENTS and all(
        (wildcard and segment == "*") or (0 < len(segment) <= MAX_SEGMENT and _all_in(segment, SEGMENT))
        for segment in segments
    )


def is_version(version: object) -> bool:
    """Whether `version` is one that PEP 440 knows, at most 64 characters long."""
    if type(version) is not str or not 0 < len(version) <= 64:
        return False
    if all(part and _all_in(part, DIGITS) for part in version.split(".")):
        return True  # what nearly every product has, known without importing re
    import re

    return re.fullmatch(_PEP_440, version.lower(), re.ASCII) is not None


# Epoch, release, pre-release, post-release (also "-1"), development release, local label.
_PEP_440 = (
    r"v?(\d+!)?\d+(\.\d+)*"
    r"([-_.]?(alpha|beta|preview|pre|rc|a|b|c)[-_.]?\d*)?"
    r"(-\d+|[-_.]?(post|rev|r)[-_.]?\d*)?"
    r"([-_.]?dev[-_.]?\d*)?"
    r"(\+[a-z0-9]+([-_.][a-z0-9]+)*)?"
)


def _declared(declare: Iterable[str] | Mapping[str, str]) -> tuple[str, ...]:
    names = _strings(declare, "declare", MAX_DECLARED)
    for name in names:
        if not is_pattern(name):
            raise PolicyError(f"declare: {name[:80]!r} is not dotted lower-case segments of [a-z0-9_-], or *")
    return tuple(sorted(set(names)))


def _tags(tags: Mapping[str, Iterable[str]] | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    kept = []
    for key, values in sorted(_items(tags, "tags", MAX_TAGS)):
        if type(key) is not str or not 0 < len(key) <= MAX_SEGMENT or not _all_in(key, SEGMENT):
            raise PolicyError("tags: a key must be 1 to 64 characters of [a-z0-9_-]")
        allowed = _strings(values, f"tags: the values of {key}", MAX_TAG_VALUES)
        for value in allowed:
            if not 0 < len(value) <= MAX_SEGMENT or not value.isascii() or set(value) & set('{}=,"\\'):
                raise PolicyError(f'tags: a value of {key} must be 1 to 64 ASCII characters without {{}}=,"\\')
            if not value.isprintable():
                raise PolicyError(f"tags: a value of {key} must be printable")
        kept.append((key, tuple(sorted(set(allowed)))))
    return tuple(kept)


def _packages(errors: Iterable[str]) -> tuple[str, ...]:
    names = _strings(errors, "errors", MAX_DECLARED)
    for name in names:
        if not all(part.isidentifier() and part.isascii() for part in name.split(".")) or len(name) > MAX_TEXT:
            raise PolicyError(f"errors: {name[:80]!r} is not a package's or an exception type's name")
    return tuple(sorted(set(names)))


def _strings(values: Iterable[str], what: str, most: int) -> list[str]:
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        raise PolicyError(f"{what} must be a list of strings")
    found = list(islice(values, most + 1))  # it may be endless
    if len(found) > most:
        raise PolicyError(f"{what}: at most {most}")
    if any(type(value) is not str for value in found):
        raise PolicyError(f"{what} must be a list of strings")
    return found


def _items(mapping: Any, what: str, most: int) -> list[tuple[Any, Any]]:
    if mapping is None:
        return []
    if not hasattr(mapping, "items"):
        raise PolicyError(f"{what} must be a mapping")
    found = list(islice(mapping.items(), most + 1))
    if len(found) > most:
        raise PolicyError(f"{what}: at most {most}")
    if any(type(key) is not str for key, _ in found):
        raise PolicyError(f"{what} must have strings as keys")
    return found


def _all_in(text: str, allowed: str) -> bool:
    return not text.strip(allowed)


def _is_text(value: object, most: int) -> bool:
    return type(value) is str and len(value) <= most and _encodes(value)


def _encodes(text: str) -> bool:
    """False for lone surrogates, which UTF-8 can't carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and value == value
