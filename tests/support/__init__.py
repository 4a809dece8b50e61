"""What the tests share: a house for real processes, a real collector, waits with a deadline."""
