from procrastinate.contrib.django import app

from parcours.core.lanes import SENDING
from parcours.notices.digests import write_digests
from parcours.notices.retention import forget_old
from parcours.notices.sending import send_due


@app.task(name="notices.send_mails", queue=SENDING)
def send_mails() -> None:
    """Sends what is due."""
    send_due()


@app.periodic(cron="* * * * *")
@app.task(name="notices.send_waiting", queue=SENDING, queueing_lock="notices.send_waiting")
def send_waiting(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute it is for
    """Sends what is due again, and what nobody was asked to send: a process was killed."""
    send_due()


@app.periodic(cron="5 * * * *")
@app.task(name="notices.write_digests", queue=SENDING, queueing_lock="notices.write_digests")
def write_digests_hourly(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Where it is morning, one mail with what is unread since yesterday; then it is sent."""
    if write_digests():
        send_due()


@app.periodic(cron="41 3 * * *")
@app.task(name="notices.forget_old", queueing_lock="notices.forget_old")
def forget_old_daily(timestamp: int) -> None:  # noqa: ARG001 - as above
    forget_old()
