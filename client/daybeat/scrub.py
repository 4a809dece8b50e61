"""Text that a product's contract may send, reduced to what is known to be safe: messages and traces of errors.

Nothing passes because no pattern caught it. A message keeps known words (see `messages`), a trace is written anew from
the parts of its frames: what has no place in a frame has no place in the output.
"""

from __future__ import annotations

import re

from . import prose, tripwires, vocabulary
from .disguise import MAX_TEXT, lettered, percent_decoded
from .messages import PATH, REDACTED, USER, is_source, message, names_someone, user_of
from .privacy import is_public_type
from .words import spoken

__all__ = ["REDACTED", "message", "traceback", "type_name"]

#: Characters of a trace that are kept, so that its event stays within 4 KB.
MAX_TRACE = 3000
MAX_FRAMES = 50

_FRAME = re.compile(
    r"(?:File|at|in) +(?:\"([^\"\n]{1,1000})\"|'([^'\n]{1,1000})'|([^\s\",:]{1,300}))"
    r"(?:, line |:)([0-9]{1,5})(?![0-9])(?:\)?,? in +([^\s(]{1,200}))?"
)
_TYPE_LINE = re.compile(r"((?:[A-Za-z_][A-Za-z0-9_]{0,63}\.){0,8})([A-Za-z_][A-Za-z0-9_]{0,63})(?::\s?(.*))?")
_REPEATED = re.compile(r"\[Previous line repeated ([0-9]{1,5}) more times?\]")
_GROUP_EDGE = re.compile(r"^[\s|+-]*(?:[0-9]+ -[-+ ]*)?(?=\S|$)")
_PACKAGED = re.compile(r"/(?:site|dist)-packages/(.+)", re.IGNORECASE)
# Below a directory of Python's own, of its version: anybody has a `lib`, and an `email` in it.
_STDLIB = re.compile(
    r"/(?:lib(?:64)?/(?:python|pypy)3\.[0-9]{1,2}t?(?:/lib-dynload)?"
    r"|(?:c?python-?|[a-z]{1,20}conda|(?:python|versions)/)3[0-9.]{0,8}(?:-(?:win|32|arm)[^/]{0,40})?(?:/x(?:64|86))?"
    r"/lib(?!/(?:python|pypy)3))/(.+)",
    re.IGNORECASE,
)

_FIXED_LINES = {
    line.strip(): line
    for line in (
        "Traceback (most recent call last):",
        "Exception Group Traceback (most recent call last):",
        "During handling of the above exception, another exception occurred:",
        "The above exception was the direct cause of the following exception:",
    )
}
_FUNCTIONS = frozenset(("<module>", "<lambda>", "<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>"))
_PSEUDO_FILES = frozenset(("<stdin>", "<string>", "<console>", "<unknown>"))
_FROZEN = re.compile(r"<frozen ([a-z0-9_.]{1,60})>")


def traceback(text: object, allowed: frozenset[str] = frozenset()) -> str:
    """The trace written anew: types, frames, and messages as `message` reduces them; "" when there is no frame or type.

    `allowed` are further words for messages and further names of exception types.
    """
    if type(text) is not str:
        return ""
    if len(text) > MAX_TEXT:
        text = text[-MAX_TEXT:]  # the end of a trace says what happened
    plain = _plain(text)
    users = frozenset(word for line in plain for word in _users_in(line))
    kept: list[str] = []
    for line in plain:
        rewritten = _rewritten(line, kept[-1] if kept else "", users, allowed)
        if rewritten:
            kept.append(rewritten)
    if not any(line.startswith("  File") or "rror" in line for line in kept):
        kept = [line for line in kept if line not in _FIXED_LINES]
    return "\n".join(_fitting(kept))


def _plain(text: str) -> list[str]:
    """The lines of a trace in one alphabet. Escapes stay: a backslash in a path is no escape."""
    return lettered(text)[-MAX_TEXT:].split("\n")


def _fitting(lines: list[str]) -> list[str]:
    """The first line and the last ones, as many as may be sent."""
    fitting: list[str] = []
    room = MAX_TRACE - len(lines[0]) if lines else 0
    for line in reversed(lines[1:]):
        room -= len(line) + 1
        if room < 0 or len(fitting) >= 2 * MAX_FRAMES:
            break
        fitting.append(line)
    return lines[:1] + fitting[::-1]


def _rewritten(line: str, last: str, users: frozenset[str], allowed: frozenset[str]) -> str:
    """One line of the reduced trace; "" for source lines, carets, notes, and everything else."""
    indent = len(line) - len(line.lstrip(" "))
    stripped = _GROUP_EDGE.sub("", line, count=1) if "|" in line or "+-" in line or "+ Exc" in line else line.strip()
    inner = len(stripped) - len(stripped.lstrip(" "))
    stripped = stripped.strip()
    if stripped in _FIXED_LINES:
        return stripped
    frame = _FRAME.match(stripped)
    if frame:
        return _frame(frame, users)
    repeated = _REPEATED.fullmatch(stripped)
    if repeated:
        return f"  {stripped}"
    if (indent and "|" not in line) or inner >= 2 or not last:
        return _lone_type(stripped, allowed) if not last and not indent else ""
    return _type_line(stripped, last, allowed)


def _lone_type(line: str, allowed: frozenset[str]) -> str:
    """The type and message of an error that came without frames."""
    found = _TYPE_LINE.fullmatch(line)
    return _type_line(line, "", allowed) if found and type_name(found[2], allowed) else ""


def _type_line(line: str, last: str, allowed: frozenset[str]) -> str:
    found = _TYPE_LINE.fullmatch(line[:MAX_TEXT])
    if found is None:
        return ""
    name = type_name(found[2], allowed)
    if not name and not last.startswith("  "):
        return ""  # a further line of a message
    said = message(found[3] or "", allowed)
    return f"{name or 'OtherError'}: {said}" if said else name or "OtherError"


def type_name(name: str, allowed: frozenset[str] = frozenset()) -> str:
    """The name of an exception's type if it may be shown: known, declared, or put together from known words alone."""
    if is_public_type(name) or name in allowed:
        return name
    if not re.fullmatch(r"_?[A-Z][A-Za-z0-9]{2,63}", name) or not name.endswith(
        ("Error", "Exception", "Warning", "Timeout", "Failure")
    ):
        return ""
    return name if tripwires.is_known_type(name) else ""


def _frame(found: re.Match[str], users: frozenset[str]) -> str:
    path = percent_decoded(found[1] or found[2] or found[3]).replace("\\", "/")
    public = _public(path, users)
    place = f'  File "{public or _private(path, users)}", line {found[4]}'
    return f"{place}, in {_function(found[5], users, bool(public))}" if found[5] else place


def _function(name: str, users: frozenset[str], is_public: bool) -> str:
    """A function's name: any identifier in a public package; elsewhere one that is put together from known words."""
    name = name.rstrip(":,").rpartition(".")[2] if name not in _FUNCTIONS else name
    if name in _FUNCTIONS:
        return name
    if not name.isidentifier() or not name.isascii():
        return REDACTED
    words = spoken(name)
    if is_public:
        return name if not words or not tripwires.trips_public(name) else REDACTED
    known = 0 < len(words) <= 6 and all(
        word.rstrip("0123456789") in prose.CODE_WORDS and len(word) < 16 for word in words
    )
    return name if known and sum(map(str.isdigit, name)) <= 2 and not names_someone(name, users) else REDACTED


def _private(path: str, users: frozenset[str]) -> str:
    """The name of a file alone, of a user or not."""
    if path in _PSEUDO_FILES:
        return path
    name = path.rpartition("/")[2]
    told = tripwires.trips_file(name.partition(".")[0]) or names_someone(name, users)
    shown = name if is_source(name) and not told else PATH
    return f"{USER}/{shown}" if user_of(path) else shown


def _public(path: str, users: frozenset[str]) -> str:
    """The module's path of a file of a public package; "" for every other file."""
    frozen = _FROZEN.fullmatch(path)
    if frozen:
        return path if _is_module(frozen[1].split("."), vocabulary.STDLIB_MODULES, users) else ""
    for marker, known in ((_PACKAGED, prose.PACKAGES), (_STDLIB, vocabulary.STDLIB_MODULES)):
        found = marker.search(path)
        if found:
            parts = found[1].rpartition("-packages/")[2].split("/")
            if is_source(parts[-1]) and _is_module([*parts[:-1], parts[-1].partition(".")[0]], known, users):
                return "/".join(parts)
    return ""


def _is_module(parts: list[str], known: frozenset[str], users: frozenset[str]) -> bool:
    return parts[0] in known and len(parts) <= 8 and all(_is_part(part, users) for part in parts)


def _is_part(part: str, users: frozenset[str]) -> bool:
    return part.isidentifier() and not tripwires.trips_public(part) and not names_someone(part, users)


def _users_in(line: str) -> frozenset[str]:
    return user_of(line) if "/" in line or "\\" in line or "~" in line else frozenset()
