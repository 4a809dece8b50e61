"""What a product may declare, and what it may not."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Iterator
from typing import Any

import pytest

from daybeat.policy import (
    DEFAULT_DECLARE,
    PolicyError,
    default_env_var,
    https_json,
    is_name,
    is_pattern,
    is_version,
    policy,
    policy_from_map,
)

SEGMENT = "a" * 64


def refused(**fields: Any) -> str:
    with pytest.raises(PolicyError) as error:
        policy(**{"product": "acme", **fields})
    message = str(error.value)
    assert message
    assert "\n" not in message
    assert len(message) < 300
    return message


def test_a_product_alone_is_a_policy() -> None:
    made = policy("acme")
    assert (made.consent, made.delivery, made.version, made.sink) == ("opt-in", "heartbeat", "unknown", None)
    assert made.env_var == "ACME_TELEMETRY_ENABLED"
    assert made.declare == tuple(sorted(DEFAULT_DECLARE))
    assert made.tags == made.errors == ()


@pytest.mark.parametrize("product", ["a", "acme", "a-b_c9", "a" * 32])
def test_a_products_name(product: str) -> None:
    assert policy(product).product == product


@pytest.mark.parametrize(
    "product", ["", "A", "9a", "_a", "-a", "a.b", "a b", "ä", "a" * 33, "a\n", "a\0", None, 1, b"a", []]
)
def test_what_is_no_products_name(product: object) -> None:
    refused(product=product)


def test_all_stands_for_all_products_and_is_the_name_of_none() -> None:
    assert "all" in refused(product="all")


@pytest.mark.parametrize(
    ("product", "variable"), [("a-b_c", "A_B_C_TELEMETRY_ENABLED"), ("idun", "IDUN_TELEMETRY_ENABLED")]
)
def test_the_default_variable(product: str, variable: str) -> None:
    assert default_env_var(product) == policy(product).env_var == variable


@pytest.mark.parametrize(
    "variable", ["", "A=B", "A\0", "A\n", "x" * 201, 1, b"A", [], "\ud800", "1A", "jane@acme.dev", "A B", "\xc9"]
)
def test_what_is_no_variables_name(variable: object) -> None:
    refused(env_var=variable)


@pytest.mark.parametrize("field", ["consent", "delivery"])
@pytest.mark.parametrize("word", ["", "on", "OPT-IN", None, 1, True, ["opt-in"], {}])
def test_consent_and_delivery_are_of_two_words(field: str, word: object) -> None:
    refused(**{field: word})


@pytest.mark.parametrize("sink", ["https://acme.dev", 1, {}, object()])
def test_a_sink_comes_from_its_maker(sink: object) -> None:
    assert "sink" in refused(sink=sink)


@pytest.mark.parametrize(
    "name", ["a", "feature.search", SEGMENT, ".".join([SEGMENT] * 6), "0", "_", "-", "a-b_c.9", "a.b.c.d.e.f"]
)
def test_a_name(name: str) -> None:
    assert is_name(name)
    assert is_pattern(name)


@pytest.mark.parametrize(
    "name",
    ["", ".", "a.", ".a", "a..b", "A", "a b", "ä", SEGMENT + "a", ".".join("abcdefg"), "a\n", "a/b", 1, None, b"a"],
)
def test_what_is_no_name(name: object) -> None:
    assert not is_name(name)
    assert not is_pattern(name)


@pytest.mark.parametrize("name", ["*", "feature.*", "*.count", "a.*.b.*", "*.*.*.*.*.*"])
def test_a_pattern_is_no_name(name: str) -> None:
    assert is_pattern(name)
    assert not is_name(name)


@pytest.mark.parametrize("name", ["a*", "*a", "**", "a.b*.c", "?", "*.*.*.*.*.*.*", "a.[b]"])
def test_a_star_stands_for_whole_segments(name: str) -> None:
    assert not is_pattern(name)
    refused(declare=[name])


@pytest.mark.parametrize(
    "declare", ["feature.*", b"feature", 5, [1], ["a", None], [b"a"], ["feature.*"] * 513, ["Bad"]]
)
def test_what_is_declared_is_a_list_of_names(declare: object) -> None:
    assert "declare" in refused(declare=declare)


def test_a_description_stays_with_the_product() -> None:
    assert policy("acme", declare={"b": "why b", "a": "why a"}) == policy("acme", declare=["b", "a", "b"])


def test_nothing_declared_is_nothing_allowed() -> None:
    assert policy("acme", declare=[]).declare == ()


@pytest.mark.parametrize(
    "tags",
    [
        *(["operation"], "operation", {1: ["a"]}, {"": ["a"]}, {"Key": ["a"]}, {"k.k": ["a"]}, {"k" * 65: ["a"]}),
        *({"k": "value"}, {"k": 5}, {"k": [1]}, {"k": [""]}, {"k": ["v" * 65]}, {"k": ["ä"]}, {"k": ["a=b"]}),
        *({"k": ["a,b"]}, {"k": ["{"]}, {"k": ["a\n"]}, {"k": ["a\0"]}, {"k": ['"']}, {"k": ["\\"]}),
        *({"k": [str(n) for n in range(65)]}, {f"k{n}": ["a"] for n in range(17)}),
    ],
)
def test_tags_are_keys_with_the_values_each_may_take(tags: object) -> None:
    assert "tags" in refused(tags=tags)


def test_tags_are_kept_sorted() -> None:
    assert policy("acme", tags={"b": ["2", "1", "2"], "a": []}).tags == (("a", ()), ("b", ("1", "2")))


@pytest.mark.parametrize("errors", ["acme", [1], [""], ["a..b"], ["a-b"], ["1a"], ["ä"], ["a" * 201], ["a:b"], ["*"]])
def test_errors_are_names_of_packages_and_types(errors: object) -> None:
    assert "errors" in refused(errors=errors)


class Endless(UserDict[str, Any]):
    """A mapping whose end nobody should look for; it also stands for a list."""

    def __iter__(self) -> Iterator[str]:
        yield from ["a"] * 10_000
        raise AssertionError("read on and on")

    def items(self) -> Any:
        return ((key, ["b"]) for key in self)


@pytest.mark.parametrize(
    "part", [{"declare": Endless()}, {"tags": Endless()}, {"tags": {"k": Endless()}}, {"errors": Endless()}], ids=str
)
def test_what_is_endless_is_not_read_to_its_end(part: dict[str, Any]) -> None:
    assert "at most" in refused(**part)


def test_headers_that_are_endless_are_not_read_to_their_end() -> None:
    with pytest.raises(PolicyError, match="at most 16"):
        https_json("https://telemetry.acme.dev", headers=Endless())


@pytest.mark.parametrize(
    "version",
    ["0", "2.1.0", "2026.10", "1!2.0", "v1.0", "1.0a1", "1.0.RC-2", "1.0-1", "1.0.post3", "1.0.dev4", "1.0+ubuntu.1"],
)
def test_a_version_that_pep_440_knows(version: str) -> None:
    assert is_version(version)
    assert policy("acme", version=version).version == version


@pytest.mark.parametrize(
    "version",
    ["", "main", "1.0-beta-jane", "1..0", ".1", "1.", "1.0 ", "1.0\n", "1.0+", "1.0+jane@home", "1" * 65, "1,0", "①"],
)
def test_another_version_is_unknown(version: str) -> None:
    assert not is_version(version)
    assert policy("acme", version=version).version == "unknown"


def test_a_version_that_is_no_text_is_unknown() -> None:
    for version in (None, 1, 1.0, (1, 0), b"1.0"):
        assert policy("acme", version=version).version == "unknown"  # type: ignore[arg-type]


def test_a_policy_is_frozen() -> None:
    made = policy("acme")
    with pytest.raises(AttributeError):
        made.product = "idun"
    with pytest.raises(AttributeError):
        made.other = 1
    assert hash(made) == hash(policy("acme"))
    assert made != policy("acme", version="1.0")


def test_a_map_with_other_fields_is_no_policy() -> None:
    fields = policy("acme").to_map()
    for bad in ({**fields, "more": 1}, {k: v for k, v in fields.items() if k != "tags"}, {}, {**fields, "sink": []}):
        with pytest.raises(PolicyError):
            policy_from_map(bad)
