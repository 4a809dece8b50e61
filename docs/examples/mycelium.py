"""A program with Mycelium's telemetry: run it with TELEMETRY_ENABLED=true, then see `daybeat preview mycelium`."""

from time import perf_counter

from daybeat.products.mycelium import TelemetryClient


def discover(client: TelemetryClient) -> int:
    begun = perf_counter()
    found = sum(range(100_000))
    duration = round((perf_counter() - begun) * 1000, 3)
    client.track_agent_usage("backend-developer", "discover", {"duration_ms": duration, "success": True})
    client.track_performance("discovery_latency", duration, unit="ms", tags={"operation": "search"})
    return found


if __name__ == "__main__":
    with TelemetryClient() as client:
        print(discover(client), "telemetry is", "on" if client.is_enabled() else "off")
