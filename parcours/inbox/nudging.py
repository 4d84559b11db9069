"""Asking a worker to send what waits in the outbox, and to fetch what platforms keep."""

import uuid
from contextlib import suppress


def ask_to_send(message_id: uuid.UUID) -> None:
    from parcours.inbox.tasks import send_message

    send_message.configure(lock=f"inbox.send.{message_id}").defer(message=str(message_id))


def ask_to_fetch() -> None:
    """Once is enough: a job that hasn't begun yet fetches everything."""
    from procrastinate.exceptions import AlreadyEnqueued

    from parcours.inbox.fetching import missing
    from parcours.inbox.tasks import fetch_files

    if not missing(most=1):
        return
    with suppress(AlreadyEnqueued):
        fetch_files.defer()


def ask_to_count_due(brand_id: uuid.UUID) -> None:
    """Once is enough: a job that hasn't begun yet counts by what is set by then."""
    from procrastinate.exceptions import AlreadyEnqueued

    from parcours.inbox.tasks import count_due

    with suppress(AlreadyEnqueued):
        count_due.configure(queueing_lock=f"inbox.count_due.{brand_id}").defer(brand=str(brand_id))


def ask_to_pull(account_id: uuid.UUID) -> None:
    """One job an account at a time, and at most one that waits."""
    from procrastinate.exceptions import AlreadyEnqueued

    from parcours.inbox.tasks import pull_account

    lock = f"inbox.pull.{account_id}"
    with suppress(AlreadyEnqueued):
        pull_account.configure(lock=lock, queueing_lock=lock).defer(account=str(account_id))


def ask_to_assign(brand_id: uuid.UUID) -> None:
    """Once is enough: a job that hasn't begun yet sees everything that waits by then."""
    from procrastinate.exceptions import AlreadyEnqueued

    from parcours.inbox.routing.models import RoutingSettings
    from parcours.inbox.tasks import assign_waiting

    if not RoutingSettings.objects.filter(brand_id=brand_id, assigns=True).exists():
        return
    with suppress(AlreadyEnqueued):
        assign_waiting.configure(queueing_lock=f"inbox.assign.{brand_id}").defer(brand=str(brand_id))


def ask_to_return(brand_id: uuid.UUID, seconds: int) -> None:
    """A look, so many seconds from now, at what nobody answered."""
    from parcours.inbox.tasks import return_unanswered

    return_unanswered.configure(schedule_in={"seconds": seconds}).defer(brand=str(brand_id))
