"""Sends 1,000 events with rudder-sdk-python: HOST KEY NAME."""

import sys

import rudderstack.analytics as rudder

host, key, name = sys.argv[1:]
rudder.write_key = key
rudder.dataPlaneUrl = host
for n in range(1_000):
    rudder.track(f"user-{n % 50}", name, {"n": n})
rudder.flush()
rudder.join()
