from time import monotonic

from django.db import connection

from parcours.core.recent import Recent

_MOST_REMEMBERED = 1_000
_MARGIN = 0.1
_until: Recent[str, float] = Recent(_MOST_REMEMBERED)
"""By queueing lock: the moment before which a job that was seen waiting can't have begun."""


def waits(queueing_lock: str) -> bool:
    """Whether a job that is wanted once at a time waits already, so that it needn't be asked for: one that
    hasn't begun sees all that was committed before this question. Asking costs a commit, this a look, and not
    even that before the moment for which a job is planned that was seen a while ago.
    """
    until = _until.get(queueing_lock)
    if until is not None and monotonic() < until:
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM scheduled_at - clock_timestamp())::float FROM procrastinate_jobs"
            " WHERE queueing_lock = %s AND status = 'todo'",
            [queueing_lock],
        )
        found = cursor.fetchone()
    if found is not None and found[0] is not None:
        _until.keep(queueing_lock, monotonic() + found[0] - _MARGIN)
    return found is not None
