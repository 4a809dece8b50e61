"""`config.toml`: the person's own settings, from text to a value, with a line for each fault.

What is wrong with one value costs that value alone, and always towards less: a product whose table can't be followed
is not sent until it is mended, and neither is anything while a fault hides whether something may be sent, or by which
way. Faults name the file, the line and the key, and never repeat a value, which may be a credential.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from daybeat import policy
from daybeat.lines import Lines, Path, line_of
from daybeat.policy import PolicyError, Sink, is_product
from daybeatd import files
from daybeatd import settings_values as values
from daybeatd.core.settings import Override, Settings

MAX_FILE = 1 << 20
#: Bytes of a file of authorities in which its first certificate must be; a system's whole bundle has 220 KB.
MAX_CA = 1 << 20
#: Lines of broken TOML that are passed over before a file is given up.
MAX_BROKEN = 20

KEYS = ("send", "proxy", "ca", "quiet_hours", "products")
PRODUCT_KEYS = ("sink", "endpoint", "key", "headers", "send")

#: Settings that hold something back or lead it elsewhere: one that is misspelt, by so much at most, is not passed over.
#: In a product's table no key is.
DECIDING = ("send", "proxy", "ca", "products", "sink", "endpoint")
LIKE = 0.6

OFF = "config.toml says send = false"
BROKEN = "config.toml has a fault, see: daybeat config check"


class SettingsFile:
    """The file at `path` as it was when it was last looked at."""

    def __init__(self, path: str) -> None:
        self.settings = Settings()
        self.faults: list[str] = []
        self._path = path
        self._seen: tuple[int, ...] | None = None

    def look(self) -> list[str]:
        """Read it again if it was changed; the faults that are new."""
        try:
            found = os.stat(self._path)
            seen: tuple[int, ...] = (found.st_mtime_ns, found.st_size, found.st_ino, found.st_mode, found.st_uid)
        except OSError as error:
            seen = (error.errno or 0,)
        if seen == self._seen:
            return []
        before, self._seen = self.faults, seen
        self.settings, self.faults = read(self._path)
        return [fault for fault in self.faults if fault not in before]


def read(path: str) -> tuple[Settings, list[str]]:
    """The settings in the file, and a line for each fault. Without a file: the defaults, and no fault."""
    try:
        data, found = files.read(path, MAX_FILE)
    except (FileNotFoundError, NotADirectoryError):
        return Settings(), []
    except OSError as error:
        return Settings(held=BROKEN), [f"{path}: can't be read ({error.strerror}); nothing is sent"]
    if len(data) > MAX_FILE:
        return Settings(held=BROKEN), [f"{path}: is longer than {MAX_FILE} bytes; nothing is sent"]
    text = data.decode("utf-8-sig", "surrogateescape")
    settings, faults = parse(text, path)
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO) and _has_secrets(settings):
        faults.append(f"{path}: holds a key and is open to other users; close it with: chmod 600 {path}")
    ca_fault = _ca_fault(settings.ca) if settings.ca else ""
    if ca_fault:
        line = Lines(text).of(("ca",))
        faults.append(f"{path}:{line}: ca: {ca_fault}, so nothing is sent over the network until it is mended")
    return settings, faults


def _ca_fault(path: str) -> str:
    """What is wrong with a file of authorities, as far as can be told without TLS, which the daemon does not load."""
    try:
        data, _ = files.read(path, MAX_CA, whosever=True)
    except OSError as error:
        return f"that file can't be read ({error.strerror})"
    return "" if b"CERTIFICATE-----" in data else "that file holds no certificate in PEM"


def _has_secrets(settings: Settings) -> bool:
    sinks = [override.sink for override in settings.products.values() if override.sink is not None]
    addresses = [settings.proxy, *(sink.url for sink in sinks)]
    return any(sink.key or sink.headers for sink in sinks) or any("@" in address for address in addresses)


def parse(text: str, filename: str) -> tuple[Settings, list[str]]:
    """The settings that `text` says, and a line for each fault. Total: any text gives settings. Pure."""
    reader = _Reader(text, filename)
    return reader.settings(), [words for _, words in sorted(reader.faults, key=lambda fault: fault[0])]


class _Reader:
    """One reading of one text."""

    def __init__(self, text: str, filename: str) -> None:
        self.faults: list[tuple[int, str]] = []
        self._filename = filename
        #: Why nothing is sent, and of which products nothing.
        self._held = ""
        self._distrusted: set[str] = set()
        self._fields: dict[str, Any] = {}
        self._lines = Lines(text)
        self._load(text)

    def settings(self) -> Settings:
        fields = self._fields
        self._unknown((), fields, KEYS)
        if self._value((), fields, "send", values.flag, True) is False:
            self._held = self._held or OFF
        proxy = self._value((), fields, "proxy", values.proxy, "")
        ca = self._value((), fields, "ca", values.path, "")
        quiet_hours = self._value((), fields, "quiet_hours", values.quiet_hours, None)
        products = self._value((), fields, "products", values.tables, {})
        overrides = {name: self._override(name, table) for name, table in products.items()}
        for name in self._distrusted:
            overrides[name] = replace(overrides.get(name, Override()), held=BROKEN)
        return Settings(self._held, proxy, ca, quiet_hours, overrides)

    def _override(self, name: str, table: Any) -> Override:
        path = ("products", name)
        if not _is_product(name):
            self._fault(path, "is no product's name: [a-z][a-z0-9_-]{0,31}, and not all")
            return Override()
        if not isinstance(table, dict):
            self._fault(path, "must be a table: [products.NAME]")
            return Override()
        self._unknown(path, table, PRODUCT_KEYS)
        held = "" if self._value(path, table, "send", values.flag, True) else f"{OFF} for {name}"
        if "sink" not in table:
            for key in ("endpoint", "key", "headers"):
                if key in table:
                    self._fault((*path, key), "needs a sink beside it: " + ", ".join(values.SINKS))
            return Override(held=held)
        kind = self._value(path, table, "sink", values.kind, "")
        if not kind:
            return Override(held=held)
        if kind == "none":
            return Override(replaced=True, held=held)
        sink = self._sink(path, kind, table)
        return Override(replaced=sink is not None, sink=sink, held=held)

    def _sink(self, path: Path, kind: str, table: Mapping[str, Any]) -> Sink | None:
        make, needed, allowed = values.MAKERS[kind]
        for key in ("endpoint", "key", "headers"):
            if key in table and key not in allowed:
                self._fault((*path, key), f"does not belong to the sink {kind}")
        missing = [key for key in needed if key not in table]
        if missing:
            self._fault((*path, "sink"), f"the sink {kind} needs beside it: {', '.join(missing)}")
            return None
        try:
            return make(table)
        except PolicyError as error:
            words = str(error).partition(": ")[2]
            key = "headers" if "header" in words else "key" if "api_key" in words else "endpoint"
            self._fault((*path, key), words.replace("api_key", "it"))
        return None

    # Faults.

    def _value(self, path: Path, table: Mapping[str, Any], key: str, check: Callable[[Any], Any], default: Any) -> Any:
        if key not in table:
            return default
        try:
            return check(table[key])
        except ValueError as error:
            self._fault((*path, key), str(error))
            return default

    def _unknown(self, path: Path, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key, value in table.items():
            if key in known:
                continue
            near, likeness = _nearest(key, known)
            words, tail = f"is no setting; the nearest is {near}", ""
            if path or (likeness >= LIKE and near in DECIDING):
                tail = self._distrust((*path, key))
            elif isinstance(value, dict):
                words, tail = "is no setting; a product's table is [products.NAME]", self._distrust(("products", key))
            self._say(self._lines.of((*path, key)), ".".join((*path, key)), words, tail)

    def _fault(self, path: Path, words: str) -> None:
        """Note a fault of the value at `path`, and what is no longer sent for it."""
        self._say(self._lines.of(path), ".".join(path), words, self._distrust(path))

    def _say(self, line: int, name: str, words: str, tail: str) -> None:
        where = f"{self._filename}:{line}" if line else self._filename
        shown = "".join(character if character.isprintable() else "?" for character in name)[:80]
        self.faults.append((line, f"{where}: {shown}{': ' if shown else ''}{words}{tail}"))

    def _distrust(self, path: Path) -> str:
        if path[:1] == ("quiet_hours",):
            return ""
        if path[:1] == ("products",) and len(path) > 1 and _is_product(path[1]):
            self._distrusted.add(path[1])
            return f"; {path[1]} is not sent until this is mended"
        self._held = BROKEN
        return "; nothing is sent until this is mended"

    # From text to fields.

    def _load(self, text: str) -> None:
        """Read the TOML. A line that breaks it, if it is `key = value`, is passed over and the rest still holds."""
        lines = text.split("\n")
        if any("\ud800" <= character <= "\udfff" for character in text):
            self._held = BROKEN
            self._say(0, "", "is not UTF-8", "; nothing is sent until this is mended")
            return
        number = 0
        for _ in range(MAX_BROKEN):
            try:
                self._fields = tomllib.loads("\n".join(lines) + "\n")  # else a fault at the end has no line
                return
            except tomllib.TOMLDecodeError as error:
                number = line_of(error)
            except RecursionError:
                number = 0
                break
            path = Lines("\n".join(lines)).key_at(number)
            if not path:
                break
            lines[number - 1] = ""
            self._say(number, ".".join(path), "is no TOML; a text goes between quotes", self._distrust(path))
        self._held = BROKEN
        self._say(number, "", "is no TOML", "; nothing is sent until this is mended")


def _is_product(name: str) -> bool:
    return is_product(name) and name != policy.RESERVED


def _nearest(key: str, known: Iterable[str]) -> tuple[str, float]:
    """The most alike of `known`, and how alike it is, from 0 to 1."""
    import difflib

    likeness = {one: difflib.SequenceMatcher(None, key.lower(), one).ratio() for one in known}
    return max(likeness.items(), key=lambda entry: entry[1])
