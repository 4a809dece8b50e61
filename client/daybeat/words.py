"""What one word of a name looks like: whether it could be spoken, and whether a list of words knows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from . import prose
from . import vocabulary as v
from .policy import DIGITS

MAX_WORD = 20
#: Code runs words together.
MAX_CODE_WORD = 30
#: Words in a name that no list knows, as a product's own. Sentences, and keys in pieces, have more.
MAX_STRANGE = 2

_NUMBER_FIRST = re.compile(r"([0-9]{1,3})([a-z]+)")
#: `resilience4j`, `print3d`
_NUMBER_INSIDE = re.compile(r"([a-z]{3,})[0-9][a-z]{1,2}")
_NUMBER_LAST = re.compile(r"([a-z]+)([0-9]{1,4})")
#: `b7`, `wsl2`, `k9s`
_LABEL = re.compile(r"(?=[a-z0-9]{2,4}$)[a-z]*[0-9][a-z]*")
#: `tbe-76s` and `dho-p202` are plates, `llama-70b` is a size.
_PLATE_END = re.compile(r"[0-9]{2}[a-z]|[a-z][0-9]{3}")
#: `v36-dbu`
_PLATE_BEGIN = re.compile(r"[a-z][0-9]{2,3}")
#: `IPv4` is i and pv4, `WAFv2` wa and fv2.
_SERIES = re.compile(r"[a-z]{1,3}v[0-9]")
_COUNTED = re.compile(r"(?:zero|one|two|three|four|five|six|seven|eight|nine){4}")
_UNSPEAKABLE = re.compile(r"[^aeiouy]{6}|[aeiouy]{5}")
_LEXICON = (
    prose.CODE_WORDS | v.KNOWN | v.NUMBERED | v.STANDARDS | v.LONG_WORDS | v.BENIGN | v.SHORT_WORDS
    | v.GRAMMAR | v.BEFORE_TAIL | v.FILE_TAILS | v.ROOTS | v.PLACES
    | {name.lower() for name in prose.PACKAGES | v.STDLIB_MODULES}
) - set("abcdefghijklmnopqrstuvwxyz")  # fmt: skip
_ENDINGS = ("s", "es", "d", "ed", "er", "ing", "ly")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

#: Pairs of letters that words hardly ever have, by first letter: fewer than one pair in 10,000 of the 30,000 words that
#: occur in the sources of Python and of twenty packages. Fewer than 1 % of those words have two such pairs.
_RARE = {
    "a": "joq", "b": "ghkqvwxz", "c": "jqwxz", "d": "kqxz", "f": "hjkqvwxz", "g": "bjkqvwxz", "h": "fghjkqvwxz",
    "i": "hwy",
    "j": "bcdfghjklmnpqrtvwxyz", "k": "bcfhjkmqvxz", "l": "hjqwxz", "m": "ghjqwxz", "n": "qx", "o": "qz", "p": "jqvxz",
    "q": "abcdefghijkmnopqtvwxyz", "r": "jxz", "s": "jxz", "t": "jkq", "u": "hjkquvwyz", "v": "bdfghjklmnqrtuvwxyz",
    "w": "bcfgjkmpquvwxyz", "x": "bgjknqruvwz", "y": "hjkquvxy", "z": "bcdfghjklmnpqrstuvwxy",
}  # fmt: skip
_RARE_PAIRS = frozenset(first + second for first, seconds in _RARE.items() for second in seconds)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def words_of(segments: Iterable[str]) -> list[list[str]]:
    """The words of each segment, between `-` and `_`. Marks at the ends of a segment (`__init__`) are no words."""
    return [re.split(r"[-_]", segment.strip("_-")) for segment in segments]


def spoken(identifier: str) -> list[str]:
    """The words of an identifier in any of its usual spellings: snake_case, camelCase, CapWords."""
    return [word.lower() for part in re.split(r"[^A-Za-z0-9]+", identifier) for word in _split(part)]


def _split(part: str) -> list[str]:
    """`HTTP2Error` is http2 and error: digits stay with the letters before them."""
    found: list[str] = []
    for piece in _CAMEL.findall(part):
        if piece.isdigit() and found:
            found[-1] += piece
        else:
            found.append(piece)
    return found


def is_word(word: str, longest: int = MAX_WORD) -> bool:
    """Whether `word`, of [a-z0-9], is one that names are made of."""
    if word.isalpha():
        return not _gibberish(word, longest)
    if word in v.KNOWN_MIXED or word in v.KNOWN_NUMBERS:
        return True
    if word.isdigit():
        return len(word) <= 3
    first, inner = _NUMBER_FIRST.fullmatch(word), _NUMBER_INSIDE.fullmatch(word)
    if first or inner:
        return first[2] in v.AFTER_NUMBER if first else inner is not None and inner[1] in _LEXICON
    last = _NUMBER_LAST.fullmatch(word)
    if last is None or _gibberish(last[1], longest):
        return False
    letters, digits = last[1], len(last[2])
    return digits == 1 or (digits <= 3 and letters in v.NUMBERED) or letters in v.STANDARDS


def _gibberish(letters: str, longest: int) -> bool:
    """Letters that nobody could say: too long, too few vowels, or pairs that words do not have."""
    if len(letters) < 6 or letters in _LEXICON or len(set(letters)) == 1:
        return False  # one letter over and over fills a place and tells nothing
    if len(letters) > longest:
        return True
    rare = sum(letters[i : i + 2] in _RARE_PAIRS for i in range(len(letters) - 1))
    if rare > (1 if len(letters) < 14 else 0):
        return True
    vowels = sum(letter in "aeiouy" for letter in letters)
    if not vowels or _COUNTED.search(letters):
        return True
    return len(letters) >= 7 and (vowels * 8 < len(letters) or _UNSPEAKABLE.search(letters) is not None)


def is_known(word: str) -> bool:
    """Whether a list has it, as it stands or in another of its forms."""
    return word in _LEXICON or any(stem in _LEXICON for stem in _stems(word))


def _stems(word: str) -> Iterator[str]:
    """What the word may be a form of: `policies`, `scaling`, `mapped`."""
    for end in _ENDINGS:
        if word.endswith(end) and len(word) > len(end) + 2:
            stem = word.removesuffix(end)
            yield from (stem, stem + "e", stem[:-1] + "y" if stem[-1] == "i" else stem)
            if stem[-1] == stem[-2]:
                yield stem[:-1]


def strangeness(before: str, word: str) -> int:
    """How odd a word is in a name, behind the word `before`: 0 where a list knows it."""
    if word.isdigit():
        return _oddness(before, word)
    if not word.isalpha():
        if word and word not in _LEXICON and not _is_numbered(word):
            return 1 if _LABEL.fullmatch(word) else MAX_STRANGE + 1
        return 2 if _PLATE_END.fullmatch(word) and before and not is_known(before) else 0
    if is_known(word) or (before and before + word in _ALPHABET) or len(set(word)) == 1 < len(word):
        return 0  # letters in their order and one letter over and over only fill a place
    rare = [a + b in _RARE_PAIRS for a, b in pairwise(word)]
    odd = any(rare) or not set(word) & set("aeiouy") if len(word) > 3 else rare != [] and all(rare)
    plate = len(word) < 4 and _PLATE_BEGIN.fullmatch(before) is not None
    return 1 + odd + 2 * plate + (len(word) > 13) + (len(word) > 17)


def _oddness(before: str, number: str) -> int:
    """Of a number where none is expected: more when it is long, or behind a word that no list knows."""
    if number in v.KNOWN_NUMBERS or before in v.KNOWN or before.rstrip(DIGITS) in v.NUMBERED:
        return 0
    return 1 + (len(number) > 2) + (len(number) > 1 < len(before) and not is_known(before))


def _is_numbered(word: str) -> bool:
    """A known word with a number behind it, or a number with its unit."""
    letters, unit = word.rstrip(DIGITS), word.lstrip(DIGITS)
    inner = _NUMBER_INSIDE.fullmatch(word)
    if inner is not None:
        return inner[1] in _LEXICON
    if unit != word:
        return unit in v.AFTER_NUMBER and (len(unit) > 1 or unit in "bdghkmsx")
    if len(letters) == 1:
        return letters in v.NUMBERED  # `n17`, as one of many is called
    fits = len(letters) > 2 or len(word) - len(letters) < 2  # as on no plate
    return letters == "cp" or (letters in _LEXICON and fits) or _SERIES.fullmatch(word) is not None


def strangers(words: list[str]) -> int:
    """How many words, and numbers, no list knows."""
    return sum(strangeness(before, word) > 0 for before, word in pairwise(["", *words]))


def is_term(word: str) -> bool:
    """Whether it is known, with a number behind it or not: one digit behind letters as short as those of plates."""
    letters = word.rstrip(DIGITS)
    if word in v.KNOWN_MIXED or _SERIES.fullmatch(word):
        return True
    known = letters in prose.TYPE_WORDS or letters in v.NUMBERED or letters in v.STANDARDS or letters in v.SHORT_WORDS
    return known and (len(letters) > 2 or len(word) - len(letters) < 2)


def is_all_known(segments: Sequence[str]) -> bool:
    """Whether a list knows every word of a name, and numbers stand where they are expected."""
    return strangers([word for part in words_of(segments) for word in part]) == 0
