import uuid

from procrastinate.contrib.django import app

from parcours.accounts.reads import all_brands, brand_by_id
from parcours.insights.refreshing import count_default_views, tell_canvases
from parcours.measures.logs import read_properties_ahead


@app.task(name="insights.count_again", queueing_lock="insights.count_again")
def count_again(brand: str) -> None:
    """New events arrived: counts what canvases show first, tells those that are open, and reads ahead.

    While it counts, more events may come and take the files it reads away: then it counts those instead.
    """
    brand_id = uuid.UUID(brand)
    for last in (False, False, True):
        try:
            tell_canvases(brand_id, count_default_views(brand_by_id(brand_id)))
            read_properties_ahead(brand_by_id(brand_id))
        except FileNotFoundError:
            if last:
                raise
        else:
            return


@app.periodic(cron="3 * * * *")
@app.task(name="insights.count_for_the_day", queueing_lock="insights.count_for_the_day")
def count_for_the_day(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the hour it is for
    """A new day moves every period; whoever opens a canvas first shouldn't wait for it."""
    for brand in all_brands():
        count_default_views(brand)
        read_properties_ahead(brand)
