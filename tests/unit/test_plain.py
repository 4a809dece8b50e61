"""What of a record's fields leaves the host's process: texts and numbers, and maps of those."""

from __future__ import annotations

from collections import UserDict
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from daybeat.plain import plain

NESTED: Any = "word"
for _ in range(20):
    NESTED = [NESTED] * 64  # more words than any machine holds


def test_texts_and_numbers_of_the_hosts_own_types_become_plain_ones() -> None:
    class Text(str):
        def __str__(self) -> str:
            return "another"

    found = plain({"agent_id": Text("agent"), "value": Fraction(1, 2), "metadata": {"duration_ms": Decimal("1.5")}})
    assert found == {"agent_id": "agent", "value": 0.5, "metadata": {"duration_ms": 1.5}}
    assert type(found["agent_id"]) is str


@pytest.mark.parametrize("field", ["agent_id", "operation", "value", "metric_name", "error_type", "error_message"])
@pytest.mark.parametrize("part", [NESTED, {"a": NESTED}, b"bytes", object(), 2**63], ids=type)
def test_what_is_no_scalar_stays_here(field: str, part: object) -> None:
    assert plain({field: part}) == {}


@pytest.mark.parametrize("part", [NESTED, {"a": NESTED}, b"bytes", object(), 2**63], ids=type)
def test_a_tag_and_a_known_field_that_are_no_scalars_can_still_be_counted(part: object) -> None:
    found = plain({"tags": {"operation": part}, "metadata": UserDict({"duration_ms": part, "other": part})})
    assert found == {"tags": {"operation": ""}, "metadata": {"duration_ms": None, "0": None}}
