"""Where heartbeats may go: HTTPS, this machine, or a file; and what a credential never does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from daybeat import policy
from daybeat.policy import PolicyError, is_local, sink_from_map, url_fault

URL = "https://telemetry.acme.dev/v1"


@pytest.mark.parametrize(
    "url",
    [
        *(
            URL,
            "HTTPS://ACME.dev",
            "https://acme.dev:8443/a?b=c#d",
            "https://user:pass@acme.dev/",
            "https://[2001:db8::1]/",
        ),
        *(
            "http://localhost/",
            "http://LOCALHOST:80",
            "http://127.0.0.1:5/x",
            "http://127.8.9.255",
            "http://[::1]:4318/v1",
        ),
        *("https://telemetrie.m\u00fcller.example", "https://my_host-1.acme.dev.", "https://[2001:DB8::1.2.3.4]:1"),
        *("https://1.2.3.4", "https://255.255.255.255:1/x", "https://a1.b2.c3", "https://1.2.3.4.example", "https://[::]/"),
        *("https://acme.dev:65535", "https://user:word@[2001:db8::1]:8443/x", "https://acme.dev:443?x=a:b"),
    ],
)
def test_an_address_that_may_be_sent_to(url: str) -> None:
    assert url_fault(url) == ""
    assert policy.https_json(url).url == url


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "acme.dev",
            "//acme.dev",
            "https:acme.dev",
            "https:///path",
            "https://",
            "https://:443/",
            "https://user@/",
        ),
        *("ftp://acme.dev", "file:///etc/passwd", "javascript:alert(1)", "ws://localhost", "http://acme.dev"),
        *(
            "http://localhost.acme.dev",
            "http://127.0.0.1.acme.dev",
            "http://acme.dev#@localhost",
            "http://localhost@acme.dev",
        ),
        *("http://acme.dev\\@localhost", "http://acme.dev?@localhost", "http://acme.dev/@localhost", "http://127.1"),
        *(
            "http://0.0.0.0",
            "http://2130706433",
            "http://0x7f.0.0.1",
            "http://127.0.0.0001",
            "http://[::]",
            "http://[::2]",
        ),
        *("https://acme.dev:", "https://acme.dev:https", "https://acme.dev:0", "https://acme.dev:65536", "https://http:/x"),
        *("https://acme.dev:\u0661", "https://[::1", "https://[::1]x", "https://[::1]:", "https://a:b@acme.dev:c"),
        *("https://acme]:1/", "https://a[b.dev", "https://[acme]/", "https://[::1]]", "https://[]/", "https://[::1%]/"),
        *("https://*.acme.dev", "https://acme%2edev", "https://acme.dev|", 'https://"acme.dev"', "https://<host>/v1"),
        *("https://[1::2::3]/", "https://[::12345]", "https://[1:2:3:4:5:6:7]", "https://[1:2:3:4:5:6:7:8:9]", "https://[:::]"),
        *("https://1.2.3.999/", "https://1.2.3", "https://1.2.3.4.5", "https://acme.1", "https://12", "https://1.2.3.04"),
        *("https://a..dev", "https://.acme.dev", "https://acme.dev..", f"https://{'a' * 64}.dev", "https://."),
        *("http://128.0.0.1", "http://127.0.0.256", "http://127.0.0.1.", "http://127.0.0.\u0661"),
        *(
            "https://acme.dev/a b",
            "https://acme.dev/\n",
            "https://acme.dev/\0",
            "https://acme.dev/\ud800",
            URL + "x" * 2048,
        ),
        *(None, 5, b"https://acme.dev", ["https://acme.dev"]),
    ],
)
def test_an_address_that_may_not(url: Any) -> None:
    assert url_fault(url)
    for make in (policy.https_json, policy.otlp):
        with pytest.raises(PolicyError):
            make(url)
    with pytest.raises(PolicyError):
        policy.posthog("phc_key", url)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.255.255.255", "::1"])
def test_this_machine(host: str) -> None:
    assert is_local(host)


@pytest.mark.parametrize(
    "host", ["", "LOCALHOST.", "localhost.localdomain", "127.0.1", "127.0.0.", "127.0.0.-1", "::ffff:127.0.0.1"]
)
def test_no_other_name_is_this_machine(host: str) -> None:
    assert not is_local(host)


NUMBERS = {
    "timeout": [0, -1, 60.1, float("nan"), float("inf"), "5", None, True],
    "retry_attempts": [-1, 11, 1.0, "3", None, True],
    "retry_backoff": [0, 0.99, 10.1, float("nan"), "2", None, True],
}


@pytest.mark.parametrize(("field", "values"), list(NUMBERS.items()))
def test_a_number_out_of_its_range_is_refused(field: str, values: list[object]) -> None:
    for value in values:
        with pytest.raises(PolicyError, match=field):
            policy.https_json(URL, **{field: value})  # type: ignore[arg-type]


def test_the_ends_of_the_ranges_are_allowed() -> None:
    policy.https_json(URL, timeout=60, retry_attempts=10, retry_backoff=10)
    policy.https_json(URL, timeout=0.001, retry_attempts=0, retry_backoff=1)


@pytest.mark.parametrize(
    "headers",
    [
        *(
            {"": "x"},
            {"a b": "x"},
            {"a:": "x"},
            {"a\n": "x"},
            {"ä": "x"},
            {1: "x"},
            {"a": 1},
            {"a": None},
            {"a": "x\n"},
        ),
        *(
            {"a": "x\r\nB: y"},
            {"a": "ä"},
            {"a": "x" * 2049},
            {f"h{n}": "x" for n in range(17)},
            ["a"],
            "a: b",
            {"a": b"x"},
        ),
    ],
)
def test_a_header_that_could_become_two_is_refused(headers: Any) -> None:
    with pytest.raises(PolicyError):
        policy.https_json(URL, headers=headers)
    with pytest.raises(PolicyError):
        policy.otlp(URL, headers=headers)


@pytest.mark.parametrize("key", ["", None, 1, b"phc", "x" * 201, "\ud800"])
def test_posthog_needs_a_key(key: Any) -> None:
    with pytest.raises(PolicyError, match="api_key"):
        policy.posthog(key)


@pytest.mark.parametrize("path", ["", "relative", "./x", "~/x", "/a\0b", None, 5, b"/x", "/" + "x" * 2048])
def test_a_file_has_an_absolute_path(path: Any) -> None:
    with pytest.raises(PolicyError, match="path"):
        policy.file(path)


def test_a_file_may_be_given_as_a_path() -> None:
    assert policy.file(Path("/var/log/beats")).url == "/var/log/beats"  # type: ignore[arg-type]


def test_no_secret_is_in_the_text_of_a_sink() -> None:
    secret = "s3cr3tvalue"
    sinks = [
        policy.https_json(f"https://{secret}:{secret}@acme.dev/{secret}?k={secret}", headers={"Authorization": secret}),
        policy.posthog(secret),
        policy.otlp(URL, headers={"X-Key": secret}),
        policy.file(f"/{secret}"),
    ]
    for sink in sinks:
        assert secret not in f"{sink} {sink!r} {[sink]}"


@pytest.mark.parametrize(
    "sink",
    [
        policy.https_json(URL, 1.5, 0, 1.0, {"X-B": "2", "x-a": "1"}),
        policy.posthog("phc_key"),
        policy.otlp(URL, {"a": "b"}),
        policy.file("/var/log/beats"),
    ],
    ids=lambda sink: sink.kind,
)
def test_a_sink_comes_back_from_its_map(sink: policy.Sink) -> None:
    assert sink_from_map(sink.to_map()) == sink


@pytest.mark.parametrize(
    "change",
    [
        *(
            {"kind": "smtp"},
            {"kind": None},
            {"kind": []},
            {"url": "http://acme.dev"},
            {"headers": ["a"]},
            {"timeout": "5"},
        ),
        *({"more": 1}, {"kind": "file"}, {"kind": "posthog"}, {"retry_attempts": 99}, {"headers": {"a": "\n"}}),
    ],
)
def test_a_map_that_no_maker_gives_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(PolicyError):
        sink_from_map({**policy.https_json(URL).to_map(), **change})
