"""The lanes in which a worker works off jobs: each has room of its own, so that what waits for other people's
machines holds up nothing else. A job's lane is its task's `queue`.
"""

OWN = "default"
"""Everything that only waits for ourselves."""
SENDING = "sending"
"""Replies and notices on their way out: a customer waits for them."""
OUTSIDE = "outside"
"""Asking and telling others: mailboxes, platforms, programs that want to be told."""
LANES = (OWN, SENDING, OUTSIDE)
