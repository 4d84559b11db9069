"""What things are called in the benchmark. Imports nothing, for new processes are timed with it."""

CHANNELS = ["app", "chat", "e-mail", "phone", "search", "social", "store", "web"]
STEPS = 4


def names(activities: int) -> list[str]:
    return [f"activity {code:03}" for code in range(activities)]
