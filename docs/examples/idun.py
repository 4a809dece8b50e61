"""A program with Idun's telemetry: run it, then see `daybeat preview idun`; IDUN_TELEMETRY_ENABLED=false is off."""

from daybeat.products.idun import AgentFramework, agent_running, feature_used, set_version, track_command


@track_command("serve")
def serve(path: str) -> None:
    agent_running(AgentFramework.LANGGRAPH)
    feature_used("guardrails")
    print("serving", path)


if __name__ == "__main__":
    set_version("1.4.0")
    serve("/home/jane/agent.yaml")
