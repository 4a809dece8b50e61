"""What is shown of a sink's mail holds none of its credentials."""

from __future__ import annotations

from itertools import permutations

import pytest

import daybeat
from daybeatd.credentials import credentials_of, without


def test_a_sinks_key_and_the_values_of_its_headers_may_be_credentials() -> None:
    headers = {"Authorization": "Bearer s3cret", "X-Team": ""}
    assert credentials_of(daybeat.https_json("https://acme.dev", headers=headers)) == {"Bearer s3cret"}
    assert credentials_of(daybeat.posthog("phc_s3cret")) == {"phc_s3cret"}
    assert credentials_of(daybeat.file("/beats")) == set()


def test_every_text_is_searched_however_deep() -> None:
    found = without({"a": ["see s3cret", {"b": "s3cret s3cret"}], "n": 7, "none": None}, {"s3cret"})
    assert found == {"a": ["see <key>", {"b": "<key> <key>"}], "n": 7, "none": None}


@pytest.mark.parametrize("secrets", [*permutations(["key", "key-1", "my-key-1-of-3"])])
def test_a_credential_that_holds_another_leaves_no_part_of_itself(secrets: tuple[str, ...]) -> None:
    """A key, and a header with the same key in it: whichever is replaced first."""
    assert without("sent with my-key-1-of-3, key-1 and key", secrets) == "sent with <key>, <key> and <key>"
