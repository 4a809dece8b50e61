"""`daybeat doctor`: what is wrong, and how to mend it. Looks, changes nothing, and needs no daemon.

Says nothing that could be a credential: of a sink its kind, of a file its path.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import click

from daybeat import __version__, consent, wire
from daybeat.consent import ADMINISTRATOR, ALL
from daybeat.endpoint import Endpoint
from daybeat.policy import is_product
from daybeatd import choices, locks, settings
from daybeatd.control import ControlError, NoDaemonError, ask
from daybeatd.core.intake import MAX_DESTINATIONS
from daybeatd.sinks import FORMS

FAULT = "fault"
WARNING = "warning"
NOTE = "note"

#: Seconds that the daemon may take to answer.
PATIENCE = 10.0
#: Bytes free below which the state directory counts as full.
LEAST_FREE = 16 * 1024 * 1024
#: Characters of a recorded choice's file name that are shown.
_SHOWN = 40

_REASONS = {
    "undeclared": "names, tags or values that the product did not declare: its authors can declare them",
    "unsafe": "names that look like more than names, or numbers out of range: see docs/privacy.md, Tripwires",
    "overflow": "more distinct names than there is room for: declare fewer, or exact names",
    "lost": "numbers that a process could not hand over in time, or a heartbeat that was never delivered",
    "version": "reports of another version of the protocol: update the product or daybeat",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` was found, and how to `mend` it; `level` is one of FAULT, WARNING and NOTE."""

    level: str
    what: str
    mend: str


def show(place: Endpoint, *, as_json: bool) -> bool:
    """Print the findings; whether none of them is a fault."""
    found = list(look(place, os.environ))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], indent=2))
    else:
        for finding in found:
            click.echo(f"{finding.level}: {finding.what}" + (f"\n    {finding.mend}" if finding.mend else ""))
        if not found:
            click.echo("nothing is wrong")
    return all(finding.level != FAULT for finding in found)


def look(place: Endpoint, environ: Any) -> Iterator[Finding]:
    """All that is to be said, the place first, then the daemon, then what it holds."""
    yield from _environment(environ)
    if place.fault:
        yield Finding(FAULT, place.fault, "")
        return
    for path in (place.runtime, place.state, place.config, os.path.dirname(place.consent(ALL))):
        yield from _directory(path)
    yield from _disk(place)
    yield from _choices(place)
    for fault in settings.read(place.settings)[1]:
        yield Finding(FAULT, fault, "daybeat config check, until it finds no fault")
    yield from _daemon(place)


def _environment(environ: Any) -> Iterator[Finding]:
    if consent.off_by_environment("", environ) is not None:
        yield Finding(NOTE, "DO_NOT_TRACK is set here: every product started from here is off", "unset DO_NOT_TRACK")
    for name in ("DAYBEAT_RUNTIME_DIR", "DAYBEAT_STATE_DIR", "DAYBEAT_CONFIG_DIR"):
        if environ.get(name):
            yield Finding(NOTE, f"{name} is set here", "programs and the daemon find each other only if both have it")
    for name in sorted(environ):
        if name.endswith(("_TELEMETRY", "_TELEMETRY_ENABLED")) and name.isidentifier() and name.isascii():
            word = environ[name].strip().lower()
            means = "on" if word in consent.ON_WORDS else "off" if word in consent.OFF_WORDS else "no known word"
            yield Finding(NOTE, f"{name} is set here ({means})", "it is stronger than `daybeat on` for that product")


def _directory(path: str) -> Iterator[Finding]:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        if os.path.islink(path):
            yield Finding(FAULT, f"{path} is a link to nowhere", f"rm {path}")
        elif not os.access(above := _nearest_above(path), os.W_OK | os.X_OK):
            mend = f"make {above} writable, or set HOME to a directory that is"
            yield Finding(FAULT, f"{path} can't be made: {above} can't be written", mend)
        return  # it is made when it is needed
    except OSError as error:
        yield Finding(FAULT, f"{path} can't be looked at: {error.strerror}", "make its parents accessible to you")
        return
    if not stat.S_ISDIR(found.st_mode):
        yield Finding(FAULT, f"{path} is no directory", "move it away; daybeat makes its own")
    elif found.st_uid != os.geteuid():
        yield Finding(FAULT, f"{path} belongs to another user (uid {found.st_uid})", f"chown {os.geteuid()} {path}")
    elif found.st_mode & stat.S_ISVTX:
        yield Finding(FAULT, f"{path} is shared with other users", "name a directory of your own")
    elif not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(FAULT, f"{path} can't be written", f"chmod 700 {path}, or mount it writable")
    elif stat.S_IMODE(found.st_mode) & 0o077:
        yield Finding(WARNING, f"{path} can be opened by others (mode {found.st_mode & 0o777:o})", f"chmod 700 {path}")


def _nearest_above(path: str) -> str:
    """The directory in which the first that is missing on the way to `path` would be made."""
    above = os.path.dirname(path)
    while not os.path.lexists(above):
        above = os.path.dirname(above)
    return above


def _disk(place: Endpoint) -> Iterator[Finding]:
    try:
        found = os.statvfs(place.state)
    except OSError:
        return
    if found.f_bavail * found.f_frsize < LEAST_FREE:
        yield Finding(
            FAULT, f"the disk under {place.state} is full", "free some space; until then all is in memory only"
        )
    for suffix in ("", "-wal"):
        path = place.database + suffix
        try:
            mode = os.lstat(path)
        except OSError:
            continue
        if not stat.S_ISREG(mode.st_mode) or mode.st_uid != os.geteuid():
            yield Finding(FAULT, f"{path} is no file of yours", "stop the daemon and move it away")
        elif stat.S_IMODE(mode.st_mode) & 0o077:
            yield Finding(WARNING, f"{path} can be read by others", f"chmod 600 {path}")


def _choices(place: Endpoint) -> Iterator[Finding]:
    directory = os.path.dirname(place.consent(ALL))
    with contextlib.suppress(OSError):  # `_directory` has told why
        for name in sorted(os.listdir(directory)):
            if not is_product(name) and not name.startswith(choices.WRITING):
                told = name[:_SHOWN] if name.isprintable() else "a file"
                yield Finding(WARNING, f"{told} in {directory} is no product's name and has no effect", "remove it")
    for name in choices.names(place):
        path = choices.path_of(place, name)
        fault = choices.fault(place, name)
        if fault and name == ADMINISTRATOR:
            yield Finding(FAULT, fault, "the administrator of this machine can mend it")
        elif fault:
            record = f"daybeat on{'' if name == ALL else ' ' + name} (or local, or off)"
            yield Finding(FAULT, fault, f"remove it if it is no file, then {record} records the choice anew")
        elif name in (ALL, ADMINISTRATOR) and consent.word_of(choices.read(place, name)) == "off":
            yield Finding(NOTE, f"telemetry is off for all products ({path})", "daybeat on" if name == ALL else "")


def _daemon(place: Endpoint) -> Iterator[Finding]:
    try:
        answer = ask(place.control, {"do": "status", "product": ""}, PATIENCE)
    except NoDaemonError:
        yield from _no_daemon(place)
        return
    except ControlError as fault:
        yield Finding(FAULT, f"the daemon can't be asked: {fault}", _ending(locks.holder(place.lock)))
        return
    daemon = answer.get("daemon", {})
    if daemon.get("version") != __version__:
        yield Finding(WARNING, "the daemon runs another version than this tool", "end it, then start daybeatd")
    if daemon.get("store", "ok") != "ok":
        yield Finding(FAULT, f"the database can't be used: {daemon['store']}", "free the disk, or mend the directory")
    if daemon.get("ingest", "ok") != "ok":
        yield Finding(FAULT, f"nobody can report: {daemon['ingest']}", "mend that; the daemon tries again by itself")
    if daemon.get("set_aside"):
        yield Finding(WARNING, str(daemon["set_aside"]), "nothing to do; delete that file when you do not want it")
    for name in daemon.get("turned_away", ()):
        yield Finding(
            FAULT,
            f"{len(answer.get('products', {}))} products are known, and there is no place for {name}: it is not heard",
            f"daybeat forget PRODUCT, for one that you do not use any more; then start {name} anew",
        )
    for name in daemon.get("crowded", ()):
        yield Finding(
            WARNING,
            f"{name} holds more than its share of the memory for numbers, which is full: it gets no new names",
            f"daybeat send {name}, or daybeat off {name}; what is not sent is freed by daybeat forget {name}",
        )
    for count, what in (("malformed", "messages that were no frames"), ("refused", "reports of unknown products")):
        if daemon.get(count):
            yield Finding(NOTE, f"{daemon[count]} {what} were dropped", "a product speaks another protocol")
    for name, product in answer.get("products", {}).items():
        yield from _product(place, name, product)


def _no_daemon(place: Endpoint) -> Iterator[Finding]:
    for lock in (place.lock, f"{place.state}/daybeatd.lock"):
        if locks.is_held(lock):
            yield Finding(FAULT, f"another daemon holds {lock}, and does not answer here", _ending(locks.holder(lock)))
            return
    for path in (place.ingest, place.control):
        try:
            found = os.lstat(path)
        except OSError:
            continue
        if found.st_uid != os.geteuid():
            yield Finding(FAULT, f"{path} belongs to another user", "remove it, or set DAYBEAT_RUNTIME_DIR")
        elif not stat.S_ISSOCK(found.st_mode):
            yield Finding(FAULT, f"{path} is no socket", f"rm {path}")
        else:
            yield Finding(WARNING, f"{path} is left of a daemon that died", "the next one replaces it: start daybeatd")
    yield Finding(WARNING, "no daemon is running: nothing is collected", "start it with: daybeatd")


def _ending(pid: int) -> str:
    return f"kill {pid}, then start daybeatd" if pid else "end it, then start daybeatd"


def _product(place: Endpoint, name: str, product: dict[str, Any]) -> Iterator[Finding]:
    if product["consent"]["mode"] == "off":
        yield Finding(NOTE, f"{name} is off: {product['consent']['reason']}", f"daybeat on {name}")
    for pid in product["kept_on"]:
        yield Finding(WARNING, f"{name} is kept on by the environment of process {pid}", "end it, or daybeat off")
    for parcel in product["outbox"]:
        if parcel["state"] == "refused":
            yield Finding(
                FAULT,
                f"{name}: the receiver refused a heartbeat of it ({parcel['words']})",
                f"tell its authors; what was refused: daybeat export {name}",
            )
        elif parcel["attempts"]:
            yield Finding(
                NOTE, f"{name}: a heartbeat waits to be sent again ({parcel['words']})", f"daybeat send {name}"
            )
    if len(product["streams"]) >= MAX_DESTINATIONS:
        yield Finding(
            WARNING,
            f"{name} reports for {len(product['streams'])} places: what is bound for yet another stays here",
            f"its authors can use fewer; daybeat forget {name} erases what is held for all of them",
        )
    dropped: dict[str, int] = {}
    for stream in product["streams"]:
        for reason, n in stream["dropped"].items():
            dropped[reason] = dropped.get(reason, 0) + n
    for reason, n in dropped.items():
        if n:
            yield Finding(NOTE, f"{name}: {n} {reason}", _REASONS.get(reason, ""))
    for metric in product.get("undeclared", []):
        yield Finding(WARNING, f"{name} reports {metric}, which it does not declare", "its authors can declare it")
    yield from _sink(place, name)


def _sink(place: Endpoint, name: str) -> Iterator[Finding]:
    try:
        packed = ask(place.control, {"do": "policy", "product": name}, PATIENCE).get("packed", b"")
        sink = wire.unpack_policy(packed).policy.sink if packed else None
    except (ControlError, wire.WireError):
        return
    if sink is not None and (missing := FORMS[sink.kind].missing()):
        yield Finding(FAULT, f"{name}: {missing}", "then start the daemon anew; until then its heartbeats wait")
