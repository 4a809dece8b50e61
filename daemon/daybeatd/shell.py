"""One event from a shell script, by the same client that programs use."""

from __future__ import annotations

import daybeat
from daybeat import wire


def count_once(product: str, name: str, n: int, packed: bytes) -> str:
    """Count under the policy that `packed` holds, or a default one; what went wrong, or "".

    A product that is off in this environment counts nothing, which is as it should be.
    """
    if packed:
        policy = wire.unpack_policy(packed).policy
        telemetry = daybeat.Telemetry(
            product,
            version=policy.version,
            consent=policy.consent,
            env_var=policy.env_var,
            declare=policy.declare,
            tags=dict(policy.tags),
            errors=policy.errors,
            sink=policy.sink,
            delivery=policy.delivery,
        )
    else:
        telemetry = daybeat.Telemetry(product)
    if not telemetry.enabled:
        return ""
    with telemetry:
        telemetry.count(name, n)
        return "" if telemetry.flush(2.0) else "the daemon did not take the event within 2 seconds"
