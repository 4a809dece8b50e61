"""Messages of errors, reduced to known words and placeholders.

A word is shown if a closed vocabulary has it and a word near it says that something went wrong: prose, code and SQL are
made of common words too. What a token is otherwise decides only which placeholder stands for it, so a disguise gains
nothing: what stays disguised is no known word. Disguises are undone all the same, for the placeholder to be true.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from . import prose, tripwires
from .disguise import undisguised
from .privacy import MAX_STRING, is_public_type
from .words import spoken

#: Characters of a message that are looked at: no more than 200 are shown.
MAX_MESSAGE = 2 * 1024
MAX_TOKEN = 256
#: How many words from the one that says what went wrong a known word is kept.
REACH = 5

REDACTED = "<redacted>"
PATH = "<path>"
USER = "<user>"
PLACEHOLDERS = frozenset(("<path>", "<email>", "<ip>", "<number>", "<url>", "<uuid>", "<user>", "<redacted>", "<file>"))

_QUOTED = re.compile(r"(?<![A-Za-z0-9])(['\"`])((?:(?!\1)[^\n]){0,400}?)\1(?![A-Za-z0-9])")
_OPEN_QUOTE = re.compile(r"(?:(?<=[\s(\[{:=,])|^)['\"`][^\n]*")
_CLAUSE = re.compile(r"(?<=[:;.!?])\s+|\s+-+\s+|\n+")
_EDGES = re.compile(r"([(\[]?)(.*?)(\(\)|\(s\))?([)\]]?[.,:;!]?)[)\]}>.,:;!?]*", re.DOTALL)
_SOURCE = re.compile(r"([A-Za-z_][A-Za-z0-9_]{0,63})\.(pyw|pyx|pyi|py)")
_LINE = re.compile(r"[1-9][0-9]{0,4}")


def message(text: object, allowed: frozenset[str] = frozenset()) -> str:
    """The message in at most 200 characters: known words and those of `allowed`, and placeholders for the rest."""
    if type(text) is not str:
        return ""
    plain = undisguised(text[:MAX_MESSAGE])[:MAX_MESSAGE]
    if plain.strip() == "":
        return ""
    held = _QUOTED.sub(lambda found: f" {_quoted(found[2], allowed)} ", plain)
    held = _OPEN_QUOTE.sub(f" {REDACTED}", held)
    clauses = [clause.split() for clause in _CLAUSE.split(held)]
    words: list[str] = []
    known = unknown = 0
    for clause in clauses:
        for token, is_known in _clause(clause, allowed):
            known += is_known
            unknown += token.startswith(REDACTED)
            if not words or not _repeats(words[-1], token):
                words.append(token)
    is_said = known >= unknown and all(map(_is_message, clauses))
    return _joined(words if is_said else _only_placeholders(words))


def _joined(words: list[str]) -> str:
    """As many words as fit."""
    text = ""
    for word in words:
        longer = f"{text} {word}" if text else word
        if len(longer) > MAX_STRING:
            break
        text = longer
    return text


def _repeats(last: str, token: str) -> bool:
    """A placeholder after itself says nothing new."""
    return token.startswith("<") and last.startswith("<") and last.rstrip(".,:;!") == token.rstrip(".,:;!")


def _only_placeholders(words: list[str]) -> list[str]:
    kept: list[str] = []
    for word in words:
        found = re.match(r"<[a-z]+>", word)
        token = found[0] if found else REDACTED
        if kept[-1:] != [token] and (token != REDACTED or REDACTED not in kept):
            kept.append(token)
    return kept


def _quoted(inside: str, allowed: frozenset[str]) -> str:
    """Between quotes stands a value, which is no message's own word; save the names of Python's types."""
    inside = inside.strip()
    if inside in prose.TYPE_NAMES or inside in allowed or _is_known_source(inside):
        return f"\x01{inside}"
    return _placeholder(inside.replace(" ", "_") if "://" not in inside else inside.split()[0])


def _clause(tokens: list[str], allowed: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Each token as it may be shown, and whether it is a known word."""
    words = list(map(_bare, tokens))
    number = _line_number(tokens, words)
    shown = [_token(token, i, tokens, number, allowed) for i, token in enumerate(tokens)]
    anchors = list(range(len(words))) if _is_phrase(words) else _anchors(words, shown)
    for i, (text, always) in enumerate(shown):
        if text is None:
            continue
        if always or text.startswith("<"):
            yield text, always and not text.startswith("<")
        elif any(abs(i - anchor) <= REACH and _unbroken(tokens, shown, i, anchor) for anchor in anchors):
            yield text, True
        else:
            yield REDACTED, False


def _bare(token: str) -> str:
    return token.strip("\x01()[].,:;!?'\"").lower()


def _is_phrase(words: list[str]) -> bool:
    """Whether they are a whole clause that Python or its system says, `[Errno 9]` before it or not."""
    return " ".join(words[2:] if words[:1] in (["errno"], ["winerror"]) else words) in prose.PHRASES


def _is_message(clause: list[str]) -> bool:
    """Not an order, not a question, nobody speaking; `clause` is the tokens of one."""
    words = list(map(_bare, clause))
    if _is_phrase(words):
        return True
    starts = [0] + [i + 1 for i, token in enumerate(clause[:-1]) if token.endswith(",")]
    orders = any(_is_order(words[i : i + 2]) for i in starts if i < len(words) and clause[i][0] != "\x01")
    asks = bool(clause) and clause[-1].endswith("?")
    return not (orders or asks or any(word in prose.PERSONS for word in words))


def _is_order(words: list[str]) -> bool:
    """By the first word, unless the second makes a message of it: `Could not`, `Read failed`."""
    if words[0] in prose.CODE_STARTS or words[0] not in prose.NOT_A_MESSAGE:
        return words[0] in prose.CODE_STARTS
    return not any(word in prose.AFTER_A_NOUN or word in prose.ANCHORS - prose.WEAK_ANCHORS for word in words[1:])


def _anchors(words: list[str], shown: list[tuple[str | None, bool]]) -> list[int]:
    """Where the clause says what went wrong."""
    found = []
    for i, word in enumerate(words):
        text = shown[i][0]
        if text is None or text.startswith("<"):
            continue
        strong = (word in prose.ANCHORS and word not in prose.WEAK_ANCHORS) or is_public_type(word_of(text))
        leads = i == 0 and word in prose.ANCHORS
        paired = i + 1 < len(words) and (
            (word, words[i + 1]) in prose.ANCHOR_PAIRS or words[i + 1] in prose.WEAK_ANCHORS
        )
        if strong or leads or (paired and not (shown[i + 1][0] or "<").startswith("<")):
            found.append(i)
    return found


def word_of(text: str) -> str:
    return text.strip("()[].,:;!?")


def _unbroken(tokens: list[str], shown: list[tuple[str | None, bool]], start: int, end: int) -> bool:
    """Whether every word between two is known, or was a value between quotes."""
    low, high = min(start, end), max(start, end)
    between = zip(tokens[low:high], shown[low:high], strict=True)
    return all(token in PLACEHOLDERS or not (text or "").startswith(REDACTED) for token, (text, _) in between)


def _token(token: str, i: int, tokens: list[str], number: int, allowed: frozenset[str]) -> tuple[str | None, bool]:
    """How a token may be shown, and whether it may stand alone; None for one that is nothing but marks.

    `number` is the place of a line's, as `_line_number` has it.
    """
    if token.startswith("\x01"):
        return f"'{token[1:]}'", True
    found = _EDGES.fullmatch(token[:MAX_TOKEN]) if len(token) <= MAX_TOKEN else None
    if found is None:
        return REDACTED, True
    before, core, call, after = found[1], found[2], found[3] or "", found[4]
    if not any(map(str.isalnum, core)):
        return None, False
    if before == "(" and ")" not in after and ")" in token:
        after = ")"
    if core in allowed or is_public_type(core) or f"{core}{'>' if core.startswith('<') else ''}" in PLACEHOLDERS:
        text = core + ">" if core.startswith("<") else core
        return f"{before}{text}{after}", True
    if call == "()" and core in prose.TYPE_NAMES:
        return f"{core}(){after}", False
    if i == number:
        return f"{before}{core}{after}", True
    word = _known(core, first=i == 0 or tokens[i - 1].endswith("]"))
    if word:
        return f"{before}{word}{call if call == '(s)' else ''}{after}", i + 1 == number
    name, colon, line = core.partition(":")
    if _is_known_source(name) and (not colon or _LINE.fullmatch(line)):
        return f"{before}{core}{after}", True
    return f"{_placeholder(core)}{after if after in _AFTER else ''}", True


_AFTER = (".", ",", ":", "]", ")", "]:", "):", "),", ").")


def _line_number(tokens: list[str], words: list[str]) -> int:
    """Where the number behind the clause's first `line` is; -1 for none, and where it is a telephone line's."""
    at = words.index("line") + 1 if "line" in words else len(tokens)
    number, after = [*tokens[at : at + 2], "", ""][:2]
    is_one = _LINE.fullmatch(word_of(number)) is not None and (number.endswith(",") or not after[:1].isdigit())
    return at if is_one else -1


def _known(core: str, *, first: bool) -> str:
    """The word as it may be shown: as it is written, save for capitals that only a name would have."""
    if core in prose.PROPER or core in prose.WORDS:
        return core
    lower = core.lower()
    if core == core.capitalize() and first and lower in prose.WORDS and lower not in prose.NAMES_TOO:
        return core
    if core.isupper() and len(core) > 1 and lower in prose.WORDS:
        return lower
    parts = re.split(r"[-/]", core)
    return core if 1 < len(parts) <= 3 and all(part in prose.WORDS for part in parts) else ""


def is_source(name: str) -> bool:
    """The name of a file of Python code, an identifier that survives the tripwires: what a frame may show."""
    found = _SOURCE.fullmatch(name)
    return found is not None and not tripwires.trips_identifier(found[1])


def _is_known_source(name: str) -> bool:
    """The same, of known words alone: what a message may show, where a file could be anybody's."""
    found = _SOURCE.fullmatch(name)
    words = spoken(found[1]) if found else []
    return 0 < len(words) <= 6 and all(word in prose.CODE_WORDS for word in words)


_EMAIL = re.compile(r"[^\s@:/]{1,64}@[^\s@/]{1,190}\.[^\s@/.]{2,24}")
_IPV4 = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}([:/][0-9]{1,5})?")
_IPV6 = re.compile(r"\[?[0-9a-fA-F]{0,4}(:[0-9a-fA-F]{0,4}){2,7}(%[a-z0-9]+)?\]?([:/][0-9]{1,5})?")
_UUID = re.compile(r"\{?[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\}?")
_NUMBER = re.compile(r"[-+#$€£]?[0-9][0-9.,_eE+-]*%?")
_FILE = re.compile(r"[^\s./\\]*\.[A-Za-z][A-Za-z0-9]{0,5}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_HEX = re.compile(r"(0x)?([0-9a-fA-F]{2}){4,}")


def _placeholder(token: str, decode: bool = True) -> str:
    """What stands for a token that may not be shown."""
    if _EMAIL.fullmatch(token):
        return "<email>"
    if "://" in token or token.startswith(("www.", "mailto:")):
        return "<url>"
    if _IPV4.fullmatch(token) or _IPV6.fullmatch(token):
        return "<ip>"
    if _UUID.fullmatch(token):
        return "<uuid>"
    if _NUMBER.fullmatch(token):
        return "<number>"
    if decode and (_BASE64.fullmatch(token) or _HEX.fullmatch(token)):
        inner = _decoded(token)
        if inner:
            return _placeholder(inner, decode=False)
    if "/" in token or "\\" in token or token.startswith("~"):
        return _located(token)
    return PATH if _FILE.fullmatch(token) else REDACTED


def _decoded(token: str) -> str:
    """What hex or base64 hid, when it was text."""
    try:
        if _HEX.fullmatch(token):
            raw = bytes.fromhex(token.removeprefix("0x"))
        else:
            raw = binascii.a2b_base64(token.rstrip("=").replace("-", "+").replace("_", "/") + "==")
        inner = raw.decode("ascii")
    except (ValueError, binascii.Error):
        return ""
    return inner.strip() if inner.isprintable() else ""


def _located(token: str) -> str:
    """A path in a message: of a user or not, with its last name if that is a file of code."""
    path, _, line = token.replace("\\", "/").partition(".py:")
    path = path + ".py" if line else path
    name = path.rpartition("/")[2]
    user = user_of(path)
    if _is_known_source(name) and not names_someone(name, user):
        shown = f"{name}:{line}" if _LINE.fullmatch(line) else name
        return f"{USER}/{shown}" if user else shown
    return f"{USER}/{PATH}" if user else PATH


# --- users ---

_HOMES = re.compile(
    r"(?:^|/)(?:home|users|documents and settings|profiles)/+([^/:\x22'<>|\n]{1,40})"
    r"|^(?:file:/*)?(~[^/]*)(?:/|$)|(?:^|/)(root)/|^//[^/]+/(?:users|homes?)\$?/([^/:\x22'<>|\n]{1,40})",
    re.IGNORECASE,
)


def user_of(path: str) -> frozenset[str]:
    """The words of the user's name in a path of theirs; empty for every other path."""
    found = _HOMES.search(path.replace("\\", "/"))
    if found is None:
        return frozenset()
    name = next(group for group in found.groups() if group)
    return frozenset(word for word in re.split(r"[^a-z0-9]+", name.lower()) if word) | {name.lower()}


def names_someone(shown: str, users: frozenset[str]) -> bool:
    """Whether what would be shown holds a word of a user's name."""
    words = spoken(shown)
    lower = shown.lower()
    return any(
        word in words or (len(word) > 4 and word in lower) for word in users if len(word) > 1 and word not in _NOBODY
    )


#: Users that are no person, and so common as words that a file named after them says nothing.
_NOBODY = frozenset(
    (
        *("user", "username", "users", "root", "app", "test", "runner", "ubuntu", "admin", "dev", "ec2-user", "~"),
        *("name", "public", "default", "shared"),
    )
)
