"""Bodies and their compression: what an answer allows, and what a stored body says of itself."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import daybeat
from daybeatd.sinks import FORMS
from daybeatd.sinks.packing import WORTH, encoding, packed, takes_gzip, unpacked
from support.beats import heartbeat

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("br, gzip", True),
        ("br;q=1, gzip ; q=0.5", True),
        ("", False),
        ("identity", False),
        ("br, zstd", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("*", False),
        ("gzipped", False),
    ],
)
def test_what_an_answer_allows(header: str, taken: bool) -> None:
    assert takes_gzip(header) is taken


@UNHURRIED
@given(st.text())
def test_any_header_is_read(header: str) -> None:
    takes_gzip(header)


def test_a_body_tells_its_own_encoding() -> None:
    body = b"{" + b" " * WORTH + b"}"
    assert gzip.decompress(packed(body)) == unpacked(packed(body)) == body == unpacked(body)
    assert (encoding(packed(body)), encoding(body)) == ({"Content-Encoding": "gzip"}, {})
    assert packed(body) == packed(body)
    assert packed(b"{}") == b"{}"


def test_https_json_says_what_was_stored() -> None:
    """What is sent is the stored body, so its header follows from its bytes, whatever the product's headers say."""
    form = FORMS["https_json"]
    sink = daybeat.https_json("https://telemetry.acme.dev", headers={"Content-Encoding": "br"})
    body = form.body(heartbeat(), sink)
    assert form.packs
    assert form.delivery(sink, "id", packed(body)).headers["Content-Encoding"] == "gzip"
    assert form.show(packed(body)) == form.show(body) == body.decode()


def test_what_posthog_is_told_its_key_can_be_found_in() -> None:
    form = FORMS["posthog"]
    assert form.key_in(form.body(heartbeat(), daybeat.posthog("phc_hush"))) == "phc_hush"
    assert FORMS["https_json"].key_in(b"{}") == ""
