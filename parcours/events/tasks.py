import uuid

from procrastinate.contrib.django import app

from parcours.accounts.reads import brand_by_id
from parcours.events.following import follow_merges
from parcours.events.uploads import import_upload


@app.task(name="events.hand_over")
def hand_over(brand: str) -> None:
    """Takes what waits in a brand's inbox into its lake."""
    from parcours.events.ingest.handoff import hand_over_all

    hand_over_all(uuid.UUID(brand))


@app.task(name="events.import_upload")
def import_uploaded_file(import_id: str) -> None:
    """Takes in a file that somebody brought to the page."""
    import_upload(uuid.UUID(import_id))


@app.task(name="events.follow_merges")
def follow(brand: str) -> None:
    """Somebody made customers one or took them apart: gives their events to those whose they are."""
    follow_merges(brand_by_id(uuid.UUID(brand)))
