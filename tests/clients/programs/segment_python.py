"""Sends 1,000 events with segment-analytics-python: HOST KEY NAME."""

import sys

from segment.analytics.client import Client

host, key, name = sys.argv[1:]
client = Client(key, host=host)
for n in range(1_000):
    client.track(f"user-{n % 50}", name, {"n": n})
client.flush()
client.join()
