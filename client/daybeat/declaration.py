"""A product's declaration as a file that ships with it: TOML, read into a policy. Pure: bytes in, a value out.

`docs/declaring.md` has the format. Loaded by `Telemetry.from_file` alone, and by the tools `daybeat docs` and `lint`.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from . import policy as policies
from .lines import Lines, Path, line_of
from .policy import Frozen, Policy, PolicyError, Sink, is_pattern

#: Bytes of a file.
MAX_FILE = 256 * 1024
MAX_WORDS = 1000

_TOP = ("product", "version", "consent", "env_var", "delivery", "errors", "sink", "tags", "metrics")
_METRIC = ("description", "unit", "tags", "owner", "expires", "names", "reviewed")
_TEXTS = ("description", "unit", "owner", "reviewed")
_SINKS: dict[str, tuple[Callable[..., Sink], tuple[str, ...]]] = {
    "https_json": (policies.https_json, ("url", "timeout", "retry_attempts", "retry_backoff", "headers")),
    "posthog": (policies.posthog, ("api_key", "host")),
    "otlp": (policies.otlp, ("url", "headers")),
    "file": (policies.file, ("path",)),
}


class Fault(Frozen):
    """What is wrong, and in which line of the file (from 1; 0 when that is not known)."""

    __slots__ = ("line", "message")
    line: int
    message: str


class Metric(Frozen):
    """One entry of `[metrics]`. `name` may have `*`; `names` are what the one `*` of a bounded entry stands for.

    `expires` is the last day on which it is reported. `reviewed` says why a name that looks risky, or an open wildcard,
    may stay.
    """

    __slots__ = ("description", "expires", "line", "name", "names", "owner", "reviewed", "tags", "unit")
    name: str
    description: str
    unit: str
    tags: tuple[tuple[str, tuple[str, ...]], ...]
    owner: str
    expires: datetime.date | None
    names: tuple[str, ...]
    reviewed: str
    line: int

    def is_expired(self, on: datetime.date) -> bool:
        return self.expires is not None and on > self.expires

    @property
    def declares(self) -> tuple[str, ...]:
        """The names that it stands for in a policy."""
        return tuple(self.name.replace("*", name) for name in self.names) or (self.name,)


class Declaration(Frozen):
    """What the file says, as far as it holds; `faults` are all that do not, in the order of their lines."""

    __slots__ = ("faults", "lines", "metrics", "settings", "sink", "tags")
    settings: Mapping[str, Any]
    sink: Sink | None
    tags: Mapping[str, tuple[str, ...]]
    metrics: tuple[Metric, ...]
    faults: tuple[Fault, ...]
    lines: Lines

    def policy(self, on: datetime.date, version: str | None = None) -> Policy:
        """The policy on the day `on`: of the metrics, those that have not expired.

        `version` takes the place of the file's own. Raises PolicyError for what no policy can hold.
        """
        metrics = [metric for metric in self.metrics if not metric.is_expired(on)]
        settings = dict(self.settings)
        if version is not None:
            settings["version"] = version
        return policies.policy(
            settings.pop("product", ""),
            declare=[name for metric in metrics for name in metric.declares],
            tags=_united(self.tags, metrics),
            sink=self.sink,
            **settings,
        )


def load(data: bytes, name: str, on: datetime.date, version: str | None = None) -> Policy:
    """The policy of the file `name` that holds `data`. Raises PolicyError: `name:line: what is wrong`."""
    found = read(data)
    if found.faults:
        raise PolicyError(located(name, found.faults[0]))
    return found.policy(on, version)


def located(name: str, fault: Fault) -> str:
    return f"{name}:{fault.line}: {fault.message}" if fault.line else f"{name}: {fault.message}"


def read(data: bytes) -> Declaration:
    """Whatever the bytes declare. Never raises for any bytes: what is wrong with them is in `faults`."""
    if len(data) > MAX_FILE:
        return _nothing(Fault(line=0, message=f"longer than {MAX_FILE} bytes"))
    try:
        text = data.decode().removeprefix("\ufeff").replace("\r\n", "\n")
        found = tomllib.loads(text)
    except UnicodeDecodeError as error:
        return _nothing(Fault(line=data.count(b"\n", 0, error.start) + 1, message="not UTF-8"))
    except tomllib.TOMLDecodeError as error:
        line = line_of(error) or data.count(b"\n") + 1
        return _nothing(Fault(line=line, message=f"no TOML: {str(error).partition(' (at ')[0]}"))
    except (ValueError, RecursionError):
        return _nothing(Fault(line=0, message="no TOML: a number too long, or nested too deep"))
    return _Reader(found, Lines(text)).declaration()


def _nothing(fault: Fault) -> Declaration:
    return Declaration(settings={}, sink=None, tags={}, metrics=(), faults=(fault,), lines=Lines(""))


class _Reader:
    """Goes through the tables once, and notes every fault on the way."""

    def __init__(self, found: dict[str, Any], lines: Lines) -> None:
        self._found = found
        self._lines = lines
        self._faults: list[Fault] = []

    def declaration(self) -> Declaration:
        found = self._found
        self._known((), found, _TOP)
        settings = {key: found[key] for key in _TOP[:6] if key in found}
        sink = self._sink(found.get("sink"))
        tags = self._tags(("tags",), found.get("tags", {}))
        metrics = tuple(self._metrics(found.get("metrics")))
        self._checked(settings, tags)
        names = [name for metric in metrics for name in metric.declares]
        if not self._faults:
            self._try((), lambda: policies.policy("x", declare=names, tags=_united(tags, metrics)))
        faults = tuple(sorted(self._faults, key=lambda fault: fault.line))
        return Declaration(settings=settings, sink=sink, tags=tags, metrics=metrics, faults=faults, lines=self._lines)

    def _fault(self, path: Path, message: str) -> None:
        self._faults.append(Fault(line=self._lines.of(path), message=message))

    def _known(self, path: Path, table: Mapping[str, Any], keys: tuple[str, ...]) -> None:
        for key in table:
            if key not in keys:
                where = f"[{'.'.join(path)}]" if path else "the file"
                self._fault((*path, key), f"{key[:80]!r} is no part of {where}, which has {', '.join(keys)}")

    def _try(self, path: Path, make: Any) -> Any:
        """What `make` gives; a PolicyError is a fault at `path`, and gives None."""
        try:
            return make()
        except PolicyError as error:
            self._fault(path, str(error))
        except TypeError:
            self._fault(path, "a value of the wrong kind, or one is missing")
        return None

    def _checked(self, settings: dict[str, Any], tags: Mapping[str, tuple[str, ...]]) -> None:
        """Each part by itself, so that each fault has its own line."""
        product = settings.get("product", "")
        self._try(("product",), lambda: policies.policy(product))
        for key in settings:
            if key != "product":
                self._try((key,), lambda: policies.policy("x", **{key: settings[key]}))  # noqa: B023 - called at once
        if "version" in settings and not policies.is_version(settings["version"]):
            self._fault(("version",), "version must be one that PEP 440 knows, as a string")
        for key, values in tags.items():
            self._try(("tags", key), lambda: policies.policy("x", tags={key: values}))  # noqa: B023

    def _sink(self, table: object) -> Sink | None:
        if table is None:
            return None
        kind = table.get("kind") if isinstance(table, dict) else None
        if not isinstance(table, dict) or type(kind) is not str or kind not in _SINKS:
            self._fault(("sink",), f"[sink] has a kind, one of {', '.join(_SINKS)}")
            return None
        make, keys = _SINKS[kind]
        self._known(("sink",), table, ("kind", *keys))
        given = {key: value for key, value in table.items() if key in keys}
        sink = self._try(("sink",), lambda: make(**given))
        return sink if isinstance(sink, Sink) else None

    def _tags(self, path: Path, table: object) -> dict[str, tuple[str, ...]]:
        if not isinstance(table, dict):
            self._fault(path, "tags are a table: each key with the list of the values that it may take")
            return {}
        kept = {}
        for key, values in table.items():
            if isinstance(values, list) and all(type(value) is str for value in values):
                kept[key] = tuple(values)
            else:
                self._fault((*path, key), f"the values of the tag {key[:80]!r} must be a list of strings")
        return kept

    def _metrics(self, table: object) -> Iterator[Metric]:
        if not isinstance(table, dict) or not table:
            self._fault(("metrics",), 'no metrics: declare each as [metrics."feature.search"]')
            return
        seen: set[str] = set()
        for name, entry in table.items():
            metric = self._metric(name, {"description": entry} if type(entry) is str else entry)
            if metric is None:
                continue
            for declared in metric.declares:
                if declared in seen:
                    self._fault(("metrics", name), f"{declared} is declared twice")
                seen.add(declared)
            yield metric

    def _metric(self, name: str, entry: object) -> Metric | None:
        path = ("metrics", name)
        if not isinstance(entry, dict):
            self._fault(path, "a metric is a table, or its description alone")
            return None
        if entry and all(isinstance(part, dict) for part in entry.values()) and not entry.keys() <= set(_METRIC):
            self._fault(path, f'a dotted name needs quotes: [metrics."{name}.{next(iter(entry))}"]')
            return None
        if not is_pattern(name):
            self._fault(path, f"{name[:80]!r} is no name: dotted lower-case segments of [a-z0-9_-], or *")
            return None
        self._known(path, entry, _METRIC)
        for key in _TEXTS:
            value = entry.get(key, "")
            if type(value) is not str or len(value) > MAX_WORDS:
                self._fault((*path, key), f"{key} must be a string of at most {MAX_WORDS} characters")
        tags = self._tags((*path, "tags"), entry.get("tags", {}))
        self._try((*path, "tags"), lambda: policies.policy("x", tags=tags))
        return Metric(
            name=name,
            **{key: value if type(value := entry.get(key, "")) is str else "" for key in _TEXTS},
            tags=tuple(sorted(tags.items())),
            expires=self._date((*path, "expires"), entry.get("expires")),
            names=self._names(path, name, entry.get("names", [])),
            line=self._lines.of(path),
        )

    def _date(self, path: Path, value: object) -> datetime.date | None:
        if value is None or type(value) is datetime.date:
            return value
        try:
            if type(value) is str:
                return datetime.date.fromisoformat(value)
        except ValueError:
            pass
        self._fault(path, "expires must be a date such as 2027-06-30: the last day on which it is reported")
        return None

    def _names(self, path: Path, name: str, given: object) -> tuple[str, ...]:
        if not isinstance(given, list) or any(type(each) is not str for each in given):
            self._fault((*path, "names"), "names must be a list of strings")
            return ()
        if given and name.split(".").count("*") != 1:
            self._fault((*path, "names"), "names are what the one * of the metric's name stands for")
            return ()
        for each in given:
            if not policies.is_name(name.replace("*", each)):
                self._fault((*path, "names"), f"{each[:80]!r} is no segment of a name: [a-z0-9_-]")
                return ()
        return tuple(given)


def _united(tags: Mapping[str, tuple[str, ...]], metrics: Iterable[Metric]) -> dict[str, list[str]]:
    """All tags of a product: they are declared for it as a whole."""
    united = {key: list(values) for key, values in tags.items()}
    for metric in metrics:
        for key, values in metric.tags:
            united[key] = list(dict.fromkeys([*united.get(key, []), *values]))
    return united
