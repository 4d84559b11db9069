from django.db import connection


def waits(queueing_lock: str) -> bool:
    """Whether a job that is wanted once at a time waits already, so that it needn't be asked for: one that
    hasn't begun sees all that was committed before this question. Asking costs a commit, this a look.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo'", [queueing_lock]
        )
        return cursor.fetchone() is not None
