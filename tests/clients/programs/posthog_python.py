"""Sends 1,000 events with posthog-python: HOST KEY NAME."""

import sys

from posthog import Posthog

host, key, name = sys.argv[1:]
client = Posthog(key, host=host)
for n in range(1_000):
    client.capture(name, distinct_id=f"user-{n % 50}", properties={"n": n})
client.shutdown()
