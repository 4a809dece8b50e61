"""The telemetry of two products, as their own documents promise it, on daybeat."""
