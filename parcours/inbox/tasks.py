import uuid

from procrastinate.contrib.django import app


@app.task(name="inbox.send")
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
