"""`Telemetry`: a product's handle on its own telemetry."""

from __future__ import annotations

import os
import stat
import sys
from itertools import islice
from time import perf_counter, time

from . import consent as consents
from .endpoint import ADMIN_CONSENT, locate
from .guard import debug, guarded, name_of
from .policy import MAX_NAME, MAX_READ, MAX_TAGS, PolicyError, policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType
    from typing import Any, TypeVar

    from .book import Book, Counter, Key, Series
    from .endpoint import Endpoint
    from .policy import Policy, Sink, Unusable
    from .sender import Sender

    Function = TypeVar("Function", bound=Callable[..., Any])

#: Names for which a process keeps a handle under one policy; others are counted all the same, at a higher cost.
MAX_HANDLES = 512

# As `daybeat.wire` has it, which would cost an import.
_MAX_COUNT = 2**53


class Telemetry:
    """A product's handle. The arguments are those of `daybeat.policy.policy`.

    Nothing here raises into the host or prints. The first event may wait 5 ms for the daemon's handshake, once; only
    `flush` and `close` wait longer. The one exception: under `DAYBEAT_STRICT=1` an invalid declaration raises
    `daybeat.PolicyError` from the constructor; otherwise it gives a handle that is off and says why in `.reason`.
    """

    def __init__(
        self,
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
        batch_size: int = 100,
    ) -> None:
        self._begin()

        def declared() -> Policy:
            return policy(
                product,
                version=version,
                consent=consent,
                env_var=env_var,
                declare=declare,
                tags=tags,
                errors=errors,
                sink=sink,
                delivery=delivery,
                batch_size=batch_size,
            )

        guarded(lambda: self._open(declared(), os.environ), otherwise=self._refuse)
        if self._declared is None:  # what was refused may be anything, and a log is read by others
            debug("a declaration was refused: `Telemetry.reason` says why")
        else:
            debug("%s: %s, %s", self._declared.product, self._mode, self._reason)

    @classmethod
    def _for_product(
        cls,
        declared: Callable[[], Policy],
        environ: Mapping[str, str],
        *,
        salt: str = "",
        facts: Mapping[str, Any] | None = None,
    ) -> Telemetry:
        """For `daybeat.products`: under another environment, with a salt or facts of the product's own.

        Raises nothing under `DAYBEAT_STRICT=1` either: what is wrong in them may come from the user's environment.
        """
        telemetry = cls.__new__(cls)
        telemetry._begin()
        telemetry._salt = salt
        guarded(lambda: telemetry._open(declared(), environ), otherwise=telemetry._explain)
        if telemetry._book is not None and facts:
            telemetry._book.facts = dict(facts)
        return telemetry

    @classmethod
    def from_file(cls, path: str | os.PathLike[str], version: str | None = None) -> Telemetry:
        """A handle for the declaration at `path`: a TOML file that ships with the product (`docs/declaring.md`).

        `version` takes the place of the file's own. Metrics that have expired by today (UTC) are not declared. A file
        that can't be read or is invalid is treated as the constructor treats a declaration that is; the reason names
        file and line.
        """
        telemetry = cls.__new__(cls)
        telemetry._begin()
        guarded(telemetry._open_file, path, version, otherwise=telemetry._refuse)
        return telemetry

    def _begin(self) -> None:
        self._mode = "off"
        self._reason = ""
        self._declared: Policy | None = None
        self._book: Book | None = None
        self._sender: Sender | None = None
        self._in_events = False
        self._salt = ""
        self._counters: dict[str, Counter] = {}
        self._series: dict[tuple[str, str], Series] = {}

    def _open_file(self, path: str | os.PathLike[str], version: str | None) -> None:
        # Only DO_NOT_TRACK can decide before the file is opened: the name of the product's own variable is in it.
        silenced = consents.off_by_environment("", os.environ)
        if silenced is not None and not _is_strict():
            self._reason = silenced.reason
            return
        from datetime import UTC, datetime

        from .declaration import MAX_FILE, load

        name = os.fspath(path)
        self._open(load(_content(name, MAX_FILE), name, datetime.now(UTC).date(), version), os.environ)

    def _open(self, declared: Policy, environ: Mapping[str, str]) -> None:
        self._declared = declared
        place = locate(environ, sys.platform, os.geteuid() if hasattr(os, "geteuid") else 0)
        decision = consents.decide(declared, environ, lambda name: _recorded(place, name))
        self._reason = decision.reason
        if decision.mode == "off":
            return
        if place.fault:
            self._reason = place.fault
            return
        from .sender import sender_for
        from .wire import require_fit

        require_fit(declared, decision.rule)
        sender = sender_for(place.runtime, place.ingest)
        self._book = sender.open(declared, decision.rule)
        if self._book is None:
            self._reason = "this process has declared too many different policies"
            return
        self._book.counter_of = counter_of
        self._sender = sender
        self._mode = decision.mode
        self._in_events = declared.delivery == "events"

    def _refuse(self, error: Exception) -> None:
        if guarded(_is_strict, otherwise=_is_false):
            raise error
        self._explain(error)

    def _explain(self, error: Exception) -> None:
        # Only our own messages: another exception's may contain anything.
        self._reason = (
            str(error) if type(error) is PolicyError else f"a fault in the declaration: {name_of(error)}"
        )

    # A host copies and pickles what has a handle in it: a copy is the same handle, as of a logger, and another process
    # gets one of its own, where this one is on and that process's environment and owner agree.

    def __copy__(self) -> Telemetry:
        return self

    def __deepcopy__(self, memo: object) -> Telemetry:
        return self

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_book": self.enabled, "_sender": None, "_counters": {}, "_series": {}}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__dict__.update(state)
        self._book = None
        if state["_book"]:
            self._reopen()

    def _reopen(self) -> None:
        declared = self._declared
        self._mode, self._in_events = "off", False
        if declared is not None:
            guarded(self._open, declared, os.environ, otherwise=self._explain)

    @property
    def enabled(self) -> bool:
        """Whether this process sends to a daemon when one is there."""
        return self._book is not None

    @property
    def mode(self) -> str:
        """The decision: "on" (collected and sent), "local" (collected, never sent) or "off" (nothing at all)."""
        return self._mode

    @property
    def reason(self) -> str:
        """Why, in one line."""
        return self._reason

    def count(self, name: str, n: int = 1) -> None:
        """Count `n` more of `name`. An `n` that is no int from 1 to 2**53 is ignored; an undeclared name is dropped."""
        if self._book is None:
            return
        try:
            counter = self._counters[name]
        except Exception:  # noqa: BLE001 - a name that is new, or an object that raises whatever it likes
            guarded(self._count_new, name, n, otherwise=_drop)
            return
        # As Counter.inc does, without the price of calling it.
        if n is counter.armed: counter.total += n  # noqa: E701
        elif type(n) is int and 0 < n <= _MAX_COUNT:
            counter.total += n
            if not counter.armed:
                counter.wake(counter)

    def counter(self, name: str) -> Counter:
        """A handle for counting one name often: `inc(n=1)`."""
        return guarded(self._handle, "counts", name, otherwise=lambda _: self._detached("counts", ""))

    def observe(self, name: str, value: float, unit: str = "1", tags: Mapping[str, str] | None = None) -> None:
        """Add one finite number to the distribution `name`. A `unit` that is not of the closed list counts as "1"."""
        if self._book is None:
            return
        if tags is None and type(value) is float:
            try:
                series = self._series[name, unit]
            except Exception:  # noqa: BLE001 - as in `count`
                pass
            else:
                series.add(value)
                return
        guarded(self._observe, name, value, unit, tags, otherwise=_drop)

    def timer(self, name: str, tags: Mapping[str, str] | None = None) -> Timer:
        """A context manager and decorator that observes how long its body took, in ms, also when it raised.

        For functions, coroutine functions and generators of both kinds, each of which stays what it is.
        """
        return Timer(self, name, tags)

    def error(self, error: BaseException | type[BaseException] | str) -> None:
        """Count an error by its type: an exception, or its type's name. Never its message."""
        if self._book is not None:
            guarded(self._error, error, otherwise=_drop)

    def event(self, kind: str, fields: Mapping[str, Any] | None = None) -> None:
        """Report one record of `kind`.

        Under `delivery="events"` it is sent with its `fields`, as far as the daemon's rules let them pass (see
        `daybeat.records`): plain values, at most 16 KB; else it is dropped and counted. Under "heartbeat" it is
        counted, `kind` being a declared name, and its fields stay in this process.
        """
        if self._in_events:
            guarded(self._note, kind, fields, otherwise=_drop)
        else:
            self.count(kind)

    def announce(self) -> None:
        """Tell the daemon that this product is here, although there is nothing to count."""
        book, sender = self._book, self._sender
        if book is not None and sender is not None:
            sender.greet(book)

    @property
    def waiting(self) -> int:
        """How many records are not yet handed to the daemon."""
        book, sender = self._book, self._sender
        return 0 if book is None or sender is None else guarded(sender.records_waiting, book, otherwise=_is_zero)

    def flush(self, timeout: float = 0.2) -> bool:
        """Hand what is pending to the socket, waiting `timeout` seconds (a day at most); whether all was taken.

        What a socket has taken the daemon reads even if this process is killed. False without a daemon, and when off.
        """
        sender = self._sender
        return False if sender is None else guarded(sender.flush, timeout, otherwise=_is_false)

    def close(self) -> None:
        """Hand over what is pending and be off from now on. Waits 0.2 seconds at most.

        Handles of `counter` end with the last `Telemetry` of the same policy.
        """
        sender, self._sender = self._sender, None
        book, self._book = self._book, None
        self._declared = None  # so that a test's capture, too, gets nothing from now on
        if sender is not None and book is not None:
            self._reason = "closed"
            self._counters, self._series = {}, {}
            guarded(sender.leave, book, 0.2, otherwise=_drop)

    def __enter__(self) -> Telemetry:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # Off the fast path. All of this runs guarded, for a host's objects may do anything.

    def _count_new(self, name: object, n: int) -> None:
        self._handle("counts", name).inc(n)

    def _note(self, kind: object, fields: Mapping[str, Any] | None) -> None:
        book, sender = self._book, self._sender
        if book is None or sender is None:
            return
        from .note import Note, pack
        from .wire import WireError

        text = _text(kind)
        if text is None:
            self._handle("dropped", "unsafe").inc()
            return
        try:
            packed = pack(text, fields, time(), self._salt)
        except WireError:
            self._handle("dropped", "overflow").inc()
            return
        sender.wake(Note(book, packed, sender.wake))

    def _handle(self, kind: str, name: object) -> Counter:
        """The handle of a name. Names that no policy could declare are counted as unsafe instead."""
        text = _text(name)
        if text is None:
            kind, text = "dropped", "unsafe"
        book, sender = self._book, self._sender
        if book is None or sender is None:
            return self._detached(kind, text)
        found = book.counters.get((kind, text))
        if found is None:
            from .book import Counter

            found = Counter(book, kind, text, sender.wake)
            if len(book.counters) < MAX_HANDLES or kind == "dropped":
                found = book.counters.setdefault((kind, text), found)
        if kind == "counts" and book.counters.get((kind, text)) is found:
            self._counters[text] = found
        return found

    def _detached(self, kind: str, name: str) -> Counter:
        """A handle whose counts go nowhere, except into a test's capture."""
        from .book import Book, Counter

        book = Book(self._declared or policy("nobody"), "")
        book.counter_of = counter_of
        counter = Counter(book, kind, name if self._declared else "", _drop)
        counter.armed = 1
        return counter

    def _observe(self, name: object, value: Any, unit: object, tags: Any) -> None:
        text = _text(name)
        if text is None or isinstance(value, (bool, str, bytes, bytearray, memoryview)):
            self._handle("dropped", "unsafe").inc()  # `float` would parse a text
            return
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            self._handle("dropped", "unsafe").inc()
            return
        kept: list[tuple[str, str]] = []
        for key, label in islice(tags.items(), MAX_READ) if tags is not None else ():
            pair = _text(key), _text(str(label) if type(label) is int else label)
            if pair[0] is None or pair[1] is None or len(kept) == MAX_TAGS:
                self._handle("dropped", "undeclared").inc()
            else:
                kept.append((pair[0], pair[1]))
        self._add((text, _text(unit) or "1", tuple(sorted(kept))), number)

    def _add(self, key: Key, value: float) -> None:
        book, sender = self._book, self._sender
        if book is None or sender is None:
            return
        found = book.series.get(key)
        if found is None:
            from .book import Series

            found = Series(book, key, sender.wake)
            if len(book.series) < MAX_HANDLES:
                found = book.series.setdefault(key, found)
        if not key[2] and book.series.get(key) is found:
            self._series[key[:2]] = found
        found.add(value)

    def _error(self, error: object) -> None:
        if isinstance(error, str):
            named = str.__str__(error)
            name = named if all(part.isidentifier() for part in named.split(".")) else "OtherError"
        else:
            name = _type_name(error if isinstance(error, type) else type(error))
        self._handle("errors", name if _text(name) is not None else "OtherError").inc()


class Timer:
    """Observes how long its body took. Made by `Telemetry.timer`; may be used again, and around itself."""

    __slots__ = ("_name", "_starts", "_tags", "_telemetry")

    def __init__(self, telemetry: Telemetry, name: str, tags: Mapping[str, str] | None) -> None:
        self._telemetry = telemetry
        self._name = name
        self._tags = tags
        self._starts: list[float] = []

    def __enter__(self) -> Timer:
        self._starts.append(perf_counter())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._telemetry.observe(self._name, (perf_counter() - self._starts.pop()) * 1000, "ms", self._tags)

    def __call__(self, function: Function) -> Function:
        from .decorators import around

        return around(lambda: Timer(self._telemetry, self._name, self._tags), function)


def counter_of(declared: Policy, kind: str, name: str, is_read: bool) -> Counter:
    """What another process gets for a `Counter` that was pickled."""
    telemetry = Telemetry.__new__(Telemetry)
    telemetry._begin()
    telemetry._declared = declared
    if is_read:
        telemetry._reopen()
    return telemetry._handle(kind, name)


def _type_name(kind: type) -> str:
    """"module:QualName", with "<locals>." before the name of a type that is not found under it, being made at run time.

    Such a type may be named after anything, a user's input included; the privacy rules look for that mark.
    """
    module, qualified = kind.__module__, kind.__qualname__
    found: object = sys.modules.get(module)
    for part in qualified.split("."):
        found = getattr(found, "__dict__", {}).get(part)
    return f"{module}:{qualified}" if found is kind else f"{module}:<locals>.{qualified}"


def _is_strict() -> bool:
    return os.environ.get("DAYBEAT_STRICT") == "1"


def _content(path: str, most: int) -> bytes:
    """A file's first `most` + 1 bytes: the last tells that it is too long. Raises PolicyError if it can't be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            return os.read(descriptor, most + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise PolicyError(f"{path}: can't be read: {error.strerror}") from error


def _recorded(place: Endpoint, name: str) -> str:
    """The text of a recorded choice: "" when there is none, UNREADABLE (it grants nothing) when it can't be read.

    Links are followed, since people keep settings in repositories of their own; what counts is who owns the file at
    the end. A pipe or a device is not waited for.
    """
    if not place.config.startswith("/"):
        return ""  # Windows, or no home: off by that, and the names below may not even exist
    path = ADMIN_CONSENT if name == consents.ADMINISTRATOR else place.consent(name)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    except FileNotFoundError:
        return consents.UNREADABLE if os.path.islink(path) else ""
    except NotADirectoryError:
        return ""
    except OSError:
        return consents.UNREADABLE
    try:
        found = os.fstat(descriptor)
        # The administrator's only forbids, whoever wrote it.
        ours = found.st_uid in (os.geteuid(), 0) or name == consents.ADMINISTRATOR
        if not ours or not stat.S_ISREG(found.st_mode) or found.st_size > consents.MAX_CHOICE:
            return consents.UNREADABLE
        return os.read(descriptor, consents.MAX_CHOICE).decode("utf-8", "replace")
    except OSError:
        return consents.UNREADABLE
    finally:
        os.close(descriptor)


def _text(value: object) -> str | None:
    """An exact, short ASCII string from a string of any kind (an enum's, say); None for anything else."""
    if not isinstance(value, str):
        return None
    text = str.__str__(value)
    return text if 0 < len(text) <= MAX_NAME and text.isascii() else None


def _drop(_: object) -> None:
    pass


def _is_false(_: Exception) -> bool:
    return False


def _is_zero(_: Exception) -> int:
    return 0
