"""Whether a name that was not declared in full may pass under a declared `*`: rules of shape, and words.

By construction where that can be: a word of a name is letters that could be spoken, a known word with digits, or a
few digits in a known place, so numbers of people, keys, hashes and addresses have no shape left to take. What is
left, letters that could be spoken, is read against lists. A secret that looks like a name (`jane-doe`) passes, and
`docs/privacy.md` says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from itertools import accumulate, pairwise

from . import vocabulary as v
from .policy import DIGITS
from .words import (
    MAX_CODE_WORD,
    MAX_STRANGE,
    MAX_WORD,
    is_known,
    is_term,
    is_word,
    spoken,
    strangeness,
    strangers,
    words_of,
)

#: Shorter words have telltale pieces by chance.
MIN_TOGETHER = 11
MAX_WORDS = 10
MAX_WORDS_A_SEGMENT = 6
#: Longer names may have fewer words that no list knows: sentences, statements and paths are longer.
MAX_WORDS_OF_TWO_STRANGERS = 4
#: Of a function in a trace, or of its file.
MAX_WORDS_A_FUNCTION = 7
#: Of an exception's type: prompts have more.
MAX_WORDS_A_TYPE = 8
#: Of a type that is known by its words alone: known words make prompts, too, when there are more.
MAX_KNOWN_WORDS = 7
#: Digits in words that are nothing but digits: fewer than any phone, card or postal number needs.
MAX_PLAIN_DIGITS = 4
MAX_DIGITS = 10
#: Digits in words that are not known ones.
MAX_FREE_DIGITS = 5
MAX_MIXED = 3

#: Digits with letters of one case around them, as base32 has them: `str2bool` has them once.
_BURIED = re.compile(r"[a-z][0-9]+(?=[a-z])|[A-Z][0-9]+(?=[A-Z])")
_HEX_PAIR = re.compile(r"[0-9a-f]{2}")
#: A class of the ICD, in front of the number of its kind. `v12-3` is a version.
_ILLNESS = re.compile(r"[a-uw-z][0-9]{2}")
_VOWEL = re.compile(r"[aeiouy]")
_SHOUTED = re.compile(r"[A-Z]{9}")
_PROVIDERS = tuple(v.MAIL_PROVIDERS)
_TAILS = v.HOST_TAILS | v.SHORT_TAILS
_LAST_TAILS = _TAILS | v.FILE_TAILS
_PART_TAILS = v.HOST_TAILS | v.COUNTRY_TAILS | v.FILE_TAILS | {"net"}
#: Behind a word that is more than a provider of mail.
_SURE_TAILS = v.HOST_TAILS | v.COUNTRY_TAILS | {"net"}
#: `if-user-age-18-reject-user`
_BEGIN_CODE = ("if", "elif", "while", "def", "lambda", "func", "fn")
#: What became of it, behind what it was: `cli.<name>.count`
_OUTCOMES = (
    ["count"], ["total"], ["duration"], ["success"], ["failure"], ["failed"], ["errors"], ["started"], ["completed"],
    ["enabled"],
)  # fmt: skip
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def trips(segments: Sequence[str], *, risky: bool = True) -> bool:
    """Whether the segments of a name, lower-case, show any sign of being more than a name.

    `risky=False` leaves out the words that are a risk in a name and a habit in code (`query_latency`, `parse_url`).
    """
    parts = words_of(segments)
    words = [word for part in parts for word in part]
    return (
        any(len(part) > MAX_WORDS_A_SEGMENT for part in parts)
        or len(words) > MAX_WORDS
        or not all(map(is_word, words))
        or _strange(words)
        or _numbers(words)
        or _filed(parts, words)
        or any(map(_runs_together, words))
        or _secret(words)
        or _spelled(words)
        or _host(parts, words)
        or _home(words)
        or _backwards(words)
        or _prose(parts, words)
        or (risky and _risky(words))
    )


def trips_identifier(identifier: str) -> bool:
    """The same for an identifier of code, for its shape alone. Not for Unicode: only ASCII can be read here."""
    if not identifier.isascii() or not 0 < len(identifier) <= 64:
        return True
    words = spoken(identifier)
    return (
        len(words) > MAX_WORDS
        or not all(is_word(word, MAX_CODE_WORD) for word in words)
        or _is_shuffled(words)
        or len(_BURIED.findall(identifier)) > 1
        or strangers(words) > MAX_STRANGE
        or _numbers(words)
        or any(map(_starts_secret, words))
        or _spelled(words)
        or _speaks(words[words[:1] == ["my"] :])  # code says `my_module`
        or any(map(_is_spelled_mark, words, words[1:], words[2:]))
        or _mail(words)
    )


def trips_public(identifier: str) -> bool:
    """The same for a name of a public package's code, which may be nobody's but for the path that it came with."""
    words = spoken(identifier)
    told = len(words) > MAX_WORDS_A_FUNCTION or _is_sentence(words)
    return told or strangers(words) > 1 or trips_identifier(identifier)


def trips_type(name: str) -> bool:
    """The same for the name of an exception's type, which may be made at run time from data: one number at most.

    An article alone is no sentence here: `NotAnAttrsClassError`.
    """
    words = spoken(name)
    numbered = [word for word in words if not word.isalpha() and word not in v.KNOWN_MIXED]
    bits = [word for word in words if len(word) < 3 and word not in v.SHORT_WORDS]
    glue = sum(word in v.GRAMMAR for word in words)
    told = glue > 2 or _speaks(words) or _names(words) or _below_home(words) or "com" in words[1:] or _secret(words)
    long = len(words) > MAX_WORDS_A_TYPE or any(len(word) > MAX_WORD or _runs_together(word) for word in words)
    return told or long or len(numbered) > 1 or len(bits) > 1 or _is_encoded(name, words) or trips_identifier(name)


def is_known_type(name: str, own: Collection[str] = (), strange: int = 0) -> bool:
    """Whether an exception's type is named by known words and those of `own` alone, but for `strange` in all."""
    words = spoken(name)
    found = strangers([word for word in words if word not in own])
    told = "the" in words or (found > 0 and sum(word in v.GRAMMAR for word in words) > 1)  # `WhyDidJaneLeave`
    return 0 < len(words) <= MAX_KNOWN_WORDS and found <= strange and not told and not trips_type(name)


def trips_file(stem: str) -> bool:
    """The same for a file of code that is nobody's public one, and may be named after anything."""
    if stem == stem.lower():
        return trips_identifier(stem) or trips([stem.removeprefix("my_")], risky=False)
    return trips_identifier(stem) or _is_encoded(stem, spoken(stem))


def _is_encoded(name: str, words: list[str]) -> bool:
    """A number behind a word that takes none, words that nobody could say, runs of capitals: base64, base32, plates."""
    mixed = [word for word in words if not word.isalpha() and word not in v.KNOWN_MIXED]
    mute = [word for word in words if not _VOWEL.search(word) and not is_term(word)]
    return len(mute) > (0 if mixed else 1) or not all(map(is_term, mixed)) or _SHOUTED.search(name) is not None


def _is_shuffled(words: list[str]) -> bool:
    """Letters, cases and digits in no order: what base64 and licence plates look like when read as camelCase."""
    mixed = [word for word in words if not word.isalpha() and not word.isdigit() and word not in v.KNOWN_MIXED]
    short = sum(len(word.rstrip("0123456789")) <= 2 for word in words)
    return (
        len(mixed) > 2
        or (len(mixed) > 1 and all(map(_ends_long, mixed)))
        or (len(words) > 3 and short * 2 > len(words))
    )


def _ends_long(word: str) -> bool:
    """Whether it ends in two digits or more."""
    return word[-2:].isdigit()


def _strange(words: list[str]) -> bool:
    """More than a name has of what no list knows, and of the small words of sentences and addresses.

    Words weigh more when they are long, mixed, or odd to say.
    """
    pairs = list(pairwise(["", *words]))
    small = sum((word in v.GRAMMAR and word != "a") or _ends_unknown(before, word) for before, word in pairs)
    found = [each for before, word in pairs if (each := strangeness(before, word))]
    is_long = len(words) - (words[-1:] in _OUTCOMES) > MAX_WORDS_OF_TWO_STRANGERS
    return sum(found) + small > MAX_STRANGE or (is_long and len(found) + small > 1)


def _ends_unknown(before: str, word: str) -> bool:
    """Whether it ends the name of a host or of a file that no list knows."""
    return (word in v.SHORT_TAILS or word in v.CODE_TAILS) and before != "" and not is_known(before)


def _numbers(words: list[str]) -> bool:
    """Numbers of people and of machines, in one word or spread over many."""
    digits = [sum(map(str.isdigit, word)) for word in words]
    plain = [i for i, word in enumerate(words) if word.isdigit()]
    known = [i for i in plain if words[i] in v.KNOWN_NUMBERS]
    free = [i for i in plain if i not in known]
    mixed = [word for word in words if not word.isalpha() and not word.isdigit() and word not in v.KNOWN_MIXED]
    unknown = sum(n for n, word in zip(digits, words, strict=True) if word not in v.KNOWN)
    if sum(digits) > MAX_DIGITS or unknown > MAX_FREE_DIGITS or len(mixed) > MAX_MIXED or len(known) > 1:
        return True
    if sum(digits[i] for i in free) > MAX_PLAIN_DIGITS or len(plain) > 3:
        return True
    if len(plain) == 3 and not _is_version(words, plain):
        return True
    if known and any(abs(i - j) == 1 for i in free for j in known):
        return True  # part of a date, or of a longer number
    pairs = _run(words, lambda word: len(word) == 2 and word not in v.SHORT_WORDS)  # `90-q8-pp-n2`, in any alphabet
    return pairs > 3 or _run(words, lambda word: _HEX_PAIR.fullmatch(word) is not None) > 2


def _is_version(words: list[str], plain: list[int]) -> bool:
    """Three numbers in a row, right after a word that takes numbers: `python-3-11-4`."""
    first = plain[0]
    return (
        first > 0
        and plain == [first, first + 1, first + 2]
        and words[first - 1] in v.NUMBERED
        and len(words[first]) == 1
    )


def _filed(parts: list[list[str]], words: list[str]) -> bool:
    """A number under which somebody is filed (`user-71`, `acct110`) or lives (`221b-baker-street`); plates; pairs.

    So are illnesses: `dx-g17`, `h32-8`.
    """
    if any(word in v.STREETS for word in words) and any(word[0].isdigit() for word in words if word):
        return True
    for before, word in pairwise(["", *words]):
        if before in v.DIAGNOSES and _ILLNESS.fullmatch(word):
            return True
        if word in v.KNOWN:
            continue
        if before in v.NUMBERED_IN_FILES and sum(map(str.isdigit, word)) > 1:
            return True
        if word.isdigit() and _ILLNESS.fullmatch(before) and before not in v.KNOWN:
            return True
        letters = word.rstrip(DIGITS)
        if letters in v.NUMBERED_IN_FILES and len(word) - len(letters) > 1:
            return True
    if any(map(_is_plate, words, words[1:], words[2:])) or any(map(_is_date, words, words[1:], words[2:])):
        return True
    starts = list(accumulate(map(len, parts), initial=0))
    return any(_is_bare_pair(words, i) or _is_house(words[i : i + 2]) for i in starts[:-1])


def _is_house(pair: list[str]) -> bool:
    """A number at the beginning of a segment, and the name of what may be a street: `49-zorblatt-rapids`."""
    if len(pair) < 2 or not pair[0].isdigit() or pair[0] in v.KNOWN_NUMBERS:
        return False
    return len(pair[1]) > 1 and pair[1].isalpha() and not is_known(pair[1])


def _is_plate(before: str, word: str, after: str) -> bool:
    """A number beside or between two words of a few letters: `ab-123-cd`, `ab-cd-123`, `51-pf-rr`."""
    letters = [each for each in (before, word, after) if each.isalpha()]
    numbers = [each for each in (before, word, after) if each.isdigit() and each not in v.KNOWN]
    if len(letters) != 2 or len(numbers) != 1 or len(letters[0]) > 3 or len(letters[1]) > 3:
        return False
    unknown = 2 - sum(map(is_known, letters))
    shortness = unknown + (max(map(len, letters)) < 3)
    return len(numbers[0]) > 1 and shortness + len(numbers[0]) > 3


def _is_date(*three: str) -> bool:
    """A month's name with two numbers: `28-july-2018`."""
    return sum(map(str.isdigit, three)) == 2 and any(word in v.MONTHS for word in three)


def _is_bare_pair(words: list[str], i: int) -> bool:
    """Two numbers at the beginning of a segment, without a word that takes numbers before them."""
    pair = words[i : i + 2]
    bare = all(word.isdigit() and word not in v.KNOWN_NUMBERS for word in pair)
    return len(pair) == 2 and bare and len("".join(pair)) > 2 and (i == 0 or words[i - 1] not in v.NUMBERED)


def _runs_together(word: str) -> bool:
    """Code, a path or an address without its marks: `droptablecustomers`, `aliceexamplecom`."""
    if len(word) < MIN_TOGETHER or word in v.BENIGN or word in v.LONG_WORDS:
        return False
    mail = word[-2:] in v.COUNTRY_TAILS and word[:-2].endswith(_PROVIDERS)  # `janedoemailru`
    return mail or word.endswith(v.TELLTALE_ENDS) or sum(piece in word for piece in v.TELLTALES) > 1


def _run(words: list[str], holds: Callable[[str], bool]) -> int:
    """The longest run of words for which `holds` is true."""
    longest = now = 0
    for word in words:
        now = now + 1 if holds(word) else 0
        longest = max(longest, now)
    return longest


def _secret(words: list[str]) -> bool:
    if any(map(_starts_secret, words)):
        return True
    return any(f"{a}_{b}" in v.FORBIDDEN_PAIRS or a.endswith("sshid") for a, b in pairwise(words))


def _starts_secret(word: str) -> bool:
    return word in v.SECRET_STARTS or (word.startswith(v.LONG_SECRET_STARTS) and word not in v.BENIGN)


def _spelled(words: list[str]) -> bool:
    """Letter by letter, or digit by digit in words. The alphabet itself (`a.b.c.d`) tells nothing."""
    letters = "".join(word if len(word) == 1 and word.isalpha() else " " for word in words).split()
    return (
        any(len(run) >= 3 and run not in _ALPHABET for run in letters)
        or _run(words, v.NUMBER_WORDS.__contains__) >= 3
    )


def _host(parts: list[list[str]], words: list[str]) -> bool:
    """Names of hosts and of files, and addresses of mail with their `@` in disguise."""
    if any(map(_is_spelled_mark, words, words[1:], words[2:])) or "www" in words or "com" in words[1:] or _mail(words):
        return True
    addressed = any(word in v.SCHEMES for word in words[:-3]) and not all(map(is_known, words))
    if addressed or any(map(_is_machine, words, words[1:])):
        return True
    if any(len(part) > 2 and _is_tail(part[-2], part[-1], _PART_TAILS) for part in parts):
        return True
    if len(parts) > 2 and parts[-1] in _OUTCOMES:
        parts = parts[:-1]
    if len(parts) < 2 or len(parts[-1]) > 1:
        return False
    return _is_tail(parts[-2][-1], parts[-1][0], _LAST_TAILS if len(parts) > 2 else _TAILS)


def _is_spelled_mark(before: str, word: str, after: str) -> bool:
    """`jane-at-acme`, `acme-dot-de`, but not `value-at-risk`, `recall-at-10`."""
    return word in ("at", "dot") and not (is_known(before) and (is_known(after) or after.isdigit()))


def _is_machine(before: str, word: str) -> bool:
    """What Windows calls a machine: `desktop-eizuoe8`."""
    return before in ("desktop", "laptop") and len(word) in (7, 8) and not word.isalpha() and word not in v.KNOWN


def _is_tail(before: str, word: str, tails: frozenset[str]) -> bool:
    told = word in v.SHORT_TAILS and word not in v.LOCAL_TAILS and is_known(before)  # not `zorblatt.name`
    return word in tails and before not in v.BEFORE_TAIL and len(before) > 1 and not told


def _mail(words: list[str]) -> bool:
    """A provider of mail and the end of its name: `gmail-com`, `web_de`, but not `web_app`."""
    if any(b in v.MAIL_PROVIDERS and not is_known(a) and not is_known(b) for a, b in pairwise(words)):
        return True  # `jane-gmail`
    return any(a in v.MAIL_PROVIDERS and b in (_SURE_TAILS if is_known(a) else _TAILS) for a, b in pairwise(words))


def _backwards(words: list[str]) -> bool:
    """An address, a path or a risky word of five letters or more, read from its end."""
    back = [word[::-1] for word in reversed(words)]
    risky = any(len(word) > 4 and (word in v.RISKY_WORDS or word in v.RISKY_PARTS) for word in back)
    return risky or "com" in back[1:] or _secret(back) or _mail(back) or _below_home(back)


def _home(words: list[str]) -> bool:
    """Bits of a path."""
    begins = words[0] in v.ROOTS or (words[0] in v.PLACES and not all(map(is_known, words)))
    return (begins and len(words) > 2) or _below_home(words)


def _below_home(words: list[str]) -> bool:
    return any(a in ("home", "users") and not is_known(b) for a, b in pairwise(words))


def _prose(parts: list[list[str]], words: list[str]) -> bool:
    """A person speaking, or speaking SQL."""
    code = any(word in _BEGIN_CODE for word in words[:-4])
    dangling = len(words) > 3 and words[-1] in v.DANGLING
    told = any(_is_sentence(part) for part in parts if "-".join(part) not in v.IDIOMS)
    return code or dangling or told or _names(words) or _speaks(words)


def _names(words: list[str]) -> bool:
    """Somebody, behind a title or what people are called: `mr-doe`, `customer-jane-doe`."""
    unknown = [word.isalpha() and not is_known(word) for word in words]
    titled = any(word in v.TITLES and after for word, after in zip(words, unknown[1:], strict=False))
    people = zip(words, unknown[1:], unknown[2:], strict=False)
    return titled or any(word in v.PEOPLE and first and last for word, first, last in people)


def _speaks(words: list[str]) -> bool:
    sql = ("select" in words and "from" in words) or ("update" in words[:-3] and "set" in words)
    asks = words[:1] in (["why"], ["who"], ["whom"], ["whose"])
    return sql or asks or any(word in v.SPEECH for word in words)


def _is_sentence(part: list[str]) -> bool:
    inner = list(pairwise(part[:-1]))
    article = any(word in ("the", "an") or (word == "a" and before not in v.BEFORE_A) for before, word in inner)
    return article or sum(word in v.GRAMMAR for word in part) > 2


def _risky(words: list[str]) -> bool:
    stems = [word.rstrip("0123456789") for word in words]
    joined = [a + b for a, b in pairwise(stems)]
    if any(stem and _is_risky(stem) for stem in stems):
        return True
    return any(pair in v.RISKY_WORDS or pair in v.RISKY_PARTS for pair in joined)


def _is_risky(word: str) -> bool:
    if word in v.BENIGN:
        return False
    return word in v.RISKY_WORDS or word.startswith(v.RISKY_PARTS) or word.endswith(v.RISKY_PARTS)
