import uuid

from procrastinate.contrib.django import app

from parcours.accounts.reads import brand_by_id
from parcours.events.customer_uploads import import_customer_upload
from parcours.events.following import follow_merges
from parcours.events.hooks import tasks as _shops  # noqa: F401 - the worker finds them with these
from parcours.events.ingest.nudging import ask_to_hand_over
from parcours.events.ingest.waiting import brands_waiting, forget_old
from parcours.events.uploads import import_upload


@app.task(name="events.hand_over")
def hand_over(brand: str) -> None:
    """Takes what waits in a brand's inbox into its lake."""
    from parcours.events.ingest.handoff import hand_over_all

    hand_over_all(uuid.UUID(brand))


@app.periodic(cron="* * * * *")
@app.task(name="events.look_into_inboxes", queueing_lock="events.look_into_inboxes")
def look_into_inboxes(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute it is for
    """Asks for what nobody asked for: a web process was killed, or an import held the lake."""
    for brand_id in brands_waiting():
        ask_to_hand_over(brand_id)


@app.periodic(cron="23 * * * *")
@app.task(name="events.forget_old_messages", queueing_lock="events.forget_old_messages")
def forget_old_messages(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Empties the inbox of what was handed over days ago."""
    forget_old()


@app.task(name="events.import_upload")
def import_uploaded_file(import_id: str) -> None:
    """Takes in a file that somebody brought to the page."""
    import_upload(uuid.UUID(import_id))


@app.task(name="events.follow_merges")
def follow(brand: str) -> None:
    """Somebody made customers one or took them apart: gives their events to those whose they are."""
    follow_merges(brand_by_id(uuid.UUID(brand)))


@app.task(name="events.import_customers")
def import_customers_file(import_id: str) -> None:
    """Takes in a file of customers that somebody brought to the page."""
    import_customer_upload(uuid.UUID(import_id))
