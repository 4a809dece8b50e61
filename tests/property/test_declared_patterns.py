"""What a pattern declares: a name falls under it in whichever way its stars can be filled."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from daybeat import privacy
from daybeat.policy import is_name, policy
from support.policies import names, patterns

bounded = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


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
    rules = privacy.Rules(policy("acme", declare=[pattern]), b"")
    for each in filter(is_name, (name, pattern.replace("*", "abc"), pattern.replace("*", "a.b"))):
        declared = rules.name(each)[1] != privacy.UNDECLARED  # whether it is safe as well is another question
        assert declared is slowly(pattern.split("."), each.split("."))
