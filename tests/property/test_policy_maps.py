"""A policy is the same after the wire."""

from __future__ import annotations

import msgpack
from hypothesis import HealthCheck, given, settings

from daybeat.consent import DEFAULT
from daybeat.policy import Policy, matches, policy_from_map
from daybeat.wire import pack_policy, unpack_policy
from support.policies import names, patterns, policies

bounded = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@bounded
@given(policies)
def test_a_policy_comes_back_from_its_map(policy: Policy) -> None:
    assert policy_from_map(msgpack.unpackb(msgpack.packb(policy.to_map()))) == policy


@bounded
@given(policies)
def test_a_policy_comes_back_from_its_bytes_and_gives_them_again(policy: Policy) -> None:
    packed = pack_policy(policy, DEFAULT)
    found = unpack_policy(packed)
    assert found.policy == policy
    assert pack_policy(found.policy, found.rule) == packed


def slowly(pattern: list[str], name: list[str]) -> bool:
    """Every way to share the name out among the stars."""
    if not pattern or not name:
        return not pattern and not name
    if pattern[0] == "*":
        return slowly(pattern[1:], name[1:]) or slowly(pattern, name[1:])
    return pattern[0] == name[0] and slowly(pattern[1:], name[1:])


@bounded
@given(patterns, names)
def test_a_name_falls_under_a_pattern_as_its_stars_can_be_filled(pattern: str, name: str) -> None:
    for each in (name, pattern.replace("*", "abc"), pattern.replace("*", "a.b")):
        assert matches(pattern, each) is slowly(pattern.split("."), each.split("."))
