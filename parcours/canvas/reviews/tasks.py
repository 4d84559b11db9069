from procrastinate.contrib.django import app


@app.periodic(cron="41 * * * *")
@app.task(name="canvas.remind_of_reviews", queueing_lock="remind_of_reviews")
def remind_of_reviews(timestamp: int) -> None:  # noqa: ARG001
    """Says which reviews are due; each thing once."""
    from parcours.accounts.reads import all_brands
    from parcours.canvas.reviews.reminders import remind

    for brand in all_brands():
        remind(brand)
