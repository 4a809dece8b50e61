"""A policy is the same after the wire."""

from __future__ import annotations

import msgpack
from hypothesis import HealthCheck, given, settings

from daybeat.consent import DEFAULT
from daybeat.policy import Policy, policy_from_map
from daybeat.wire import pack_policy, unpack_policy
from support.policies import policies

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
