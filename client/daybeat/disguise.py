"""Text without its disguises: normal forms, zero-width characters, look-alike letters, escapes. Pure, and bounded."""

from __future__ import annotations

import re
import unicodedata

from . import prose

#: Characters of a text that are looked at; the rest is cut off.
MAX_TEXT = 16 * 1024
#: Disguises nested deeper than this stay on, and what is under them stays unknown.
MAX_ROUNDS = 3

_ESCAPE = re.compile(r"\\u\{?([0-9a-fA-F]{4,6})\}?|\\x([0-9a-fA-F]{2})|&#x([0-9a-fA-F]{1,6});?|&#([0-9]{1,7});?")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_ENTITY = re.compile(r"&(amp|lt|gt|quot|apos|commat|period|sol|colon|nbsp|num|lowbar|dash);")
_ENTITIES = {
    "amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "commat": "@", "period": ".", "sol": "/", "colon": ":",
    "nbsp": " ", "num": "#", "lowbar": "_", "dash": "-",
}  # fmt: skip


def undisguised(text: str) -> str:
    """The text in one alphabet: escapes decoded, forms made normal, letters that only look Latin made Latin."""
    text = text[:MAX_TEXT]
    for _ in range(MAX_ROUNDS):
        before = text
        text = lettered(text)
        text = _ESCAPE.sub(_escaped, text)
        text = _ENTITY.sub(lambda found: _ENTITIES[found[1]], text)
        text = percent_decoded(text)
        if text == before:
            break
    return lettered(text)


def lettered(text: str) -> str:
    """The text in normal form, without characters that show nothing, in Latin letters where others look like them."""
    normal = unicodedata.normalize("NFKC", text)
    shown = (c for c in normal if c in "\n\t" or unicodedata.category(c)[0] != "C")
    return "".join(shown).translate(prose.HOMOGLYPHS)


def _escaped(found: re.Match[str]) -> str:
    number = int(found[4]) if found[4] else int(found[1] or found[2] or found[3], 16)
    return chr(number) if 32 <= number < 0x110000 and not 0xD800 <= number < 0xE000 else " "


def percent_decoded(text: str) -> str:
    return _PERCENT.sub(_percent, text)


def _percent(found: re.Match[str]) -> str:
    return bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace")
