import uuid

from procrastinate.contrib.django import app

from parcours.core.lanes import OUTSIDE, SENDING


@app.task(name="inbox.send", queue=SENDING)
def send_message(message: str) -> None:
    """One try to send a message of the outbox."""
    from parcours.inbox.sending import send

    send(uuid.UUID(message))


@app.periodic(cron="* * * * *")
@app.task(name="inbox.look_into_outbox", queueing_lock="inbox.look_into_outbox")
def look_into_outbox(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute it is for
    """Asks for what is due again, and for what a dead process left."""
    from parcours.inbox.nudging import ask_to_send
    from parcours.inbox.sending import due

    for message_id in due():
        ask_to_send(message_id)


@app.periodic(cron="* * * * *")
@app.task(name="inbox.look_into_arrivals", queueing_lock="inbox.look_into_arrivals")
def look_into_arrivals(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Reads again what wasn't understood a moment ago: it may have been about a message that came later."""
    from parcours.inbox.writes.receiving import read_again

    read_again()


@app.periodic(cron="* * * * *")
@app.task(name="inbox.wake_up", queueing_lock="inbox.wake_up")
def wake_up_snoozed(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Opens what was snoozed until now."""
    from parcours.inbox.writes.handling import wake_up

    wake_up()


@app.task(name="inbox.fetch_files", queue=OUTSIDE, queueing_lock="inbox.fetch_files")
def fetch_files() -> None:
    """Fetches the files that platforms still have."""
    from parcours.inbox.fetching import fetch_file, missing

    for attachment_id in missing():
        fetch_file(attachment_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="inbox.look_for_files", queueing_lock="inbox.look_for_files")
def look_for_files(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Tries again what couldn't be fetched."""
    from parcours.inbox.nudging import ask_to_fetch

    ask_to_fetch()


@app.periodic(cron="* * * * *")
@app.task(name="inbox.ask_channels", queueing_lock="inbox.ask_channels")
def ask_channels(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Gives each account that is to be asked a job of its own, so that a slow one holds up no other."""
    from parcours.inbox.nudging import ask_to_pull
    from parcours.inbox.pulling import accounts_to_pull

    for account_id in accounts_to_pull():
        ask_to_pull(account_id)


@app.task(name="inbox.pull", queue=OUTSIDE)
def pull_account(account: str) -> None:
    """Takes in what is new on one account."""
    from parcours.inbox.pulling import pull, watch

    pull(uuid.UUID(account))
    watch(uuid.UUID(account))


@app.periodic(cron="7,22,37,52 * * * *")
@app.task(name="inbox.watch_channels", queueing_lock="inbox.watch_channels")
def watch_channels(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Tells owners of accounts that don't work as usual."""
    from parcours.inbox.placing.watching import watch_all

    watch_all()


@app.periodic(cron="17 * * * *")
@app.task(name="inbox.forget_old_chats", queueing_lock="inbox.forget_old_chats")
def forget_old_chats(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Lets go of sessions of the chat that nobody uses any more, and of files that were never sent."""
    from parcours.inbox.chat.sessions import forget_old

    forget_old()


@app.task(name="inbox.count_due")
def count_due(brand: str) -> None:
    """Counts anew what is due, after hours or targets changed."""
    from parcours.inbox.targets.recounting import count_due as count

    count(uuid.UUID(brand))


@app.periodic(cron="* * * * *")
@app.task(name="inbox.remind", queueing_lock="inbox.remind")
def remind_of_due(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Tells people what is soon due, and what is late."""
    from parcours.inbox.targets.reminding import remind

    remind()


@app.periodic(cron="23 3 * * 0")
@app.task(name="inbox.renew_holidays", queueing_lock="inbox.renew_holidays")
def renew_holidays(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Learns the holidays of years that have come nearer."""
    from parcours.inbox.hours.writes import renew_holidays as renew

    renew()


@app.task(name="inbox.deliver_webhooks", queue=OUTSIDE)
def deliver_webhooks(endpoint: str) -> None:
    """Tells a program of what happened."""
    from parcours.inbox.webhooks.delivering import deliver

    deliver(uuid.UUID(endpoint))


@app.periodic(cron="* * * * *")
@app.task(name="inbox.look_into_webhooks", queueing_lock="inbox.look_into_webhooks")
def look_into_webhooks(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Asks for what is due again, and for what a dead process left."""
    from parcours.inbox.webhooks.delivering import endpoints_due
    from parcours.inbox.webhooks.outbox import ask_to_deliver

    for endpoint_id in endpoints_due():
        ask_to_deliver(endpoint_id)


@app.task(name="inbox.assign")
def assign_waiting(brand: str) -> None:
    """Gives what waits to those who have room."""
    from parcours.inbox.routing.assigning import assign_waiting as assign

    assign(uuid.UUID(brand))


@app.task(name="inbox.return_unanswered")
def return_unanswered(brand: str) -> None:
    """Takes back what was given to people who didn't answer."""
    from parcours.inbox.routing.returning import look_after

    look_after(uuid.UUID(brand))


@app.periodic(cron="* * * * *")
@app.task(name="inbox.look_after_queues", queueing_lock="inbox.look_after_queues")
def look_after_queues(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Notices who went quiet and what nobody answered, and hands out what was left behind."""
    from parcours.inbox.routing.deserting import look_for_deserted_everywhere
    from parcours.inbox.routing.presence import put_silent_offline
    from parcours.inbox.routing.returning import look_after_all

    put_silent_offline()
    look_for_deserted_everywhere()
    look_after_all()


@app.periodic(cron="20 3 * * *")
@app.task(name="inbox.reconcile", queue=OUTSIDE, queueing_lock="inbox.reconcile")
def reconcile(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Holds what is stored against what platforms have, and against itself."""
    from parcours.inbox.reconciling.running import reconcile_all

    reconcile_all()


@app.task(name="inbox.reconcile_brand", queue=OUTSIDE)
def reconcile_brand(brand: str) -> None:
    """The nightly check of one brand, now."""
    from parcours.accounts.models import Brand
    from parcours.inbox.reconciling.running import reconcile as look

    look(Brand.objects.get(pk=brand))
