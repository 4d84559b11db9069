import uuid

from procrastinate.contrib.django import app

from parcours.events.uploads import import_upload


@app.task(name="events.import_upload")
def import_uploaded_file(import_id: str) -> None:
    """Takes in a file that somebody brought to the page."""
    import_upload(uuid.UUID(import_id))
