import uuid

from procrastinate.contrib.django import app

from parcours.accounts.reads import all_brands, brand_by_id
from parcours.core.errors import NotFound
from parcours.insights.evidencing import bring_evidence_up_to_date
from parcours.insights.proposing import ask_to_look_where_due, propose_from_the_log
from parcours.insights.refreshing import ask_to_read_ahead, count_default_views, tell_canvases
from parcours.measures.logs import read_properties_ahead


@app.task(name="insights.count_again", queueing_lock="insights.count_again")
def count_again(brand: str) -> None:
    """New events arrived: counts what canvases show first, and tells those that are open.

    While it counts, more events may come and take the files it reads away: then it counts those instead.
    """
    brand_id = uuid.UUID(brand)
    for last in (False, False, True):
        try:
            tell_canvases(brand_id, count_default_views(brand_by_id(brand_id)))
            ask_to_read_ahead(brand_id)
            bring_evidence_up_to_date(brand_by_id(brand_id))
            ask_to_look_where_due(brand_by_id(brand_id))
        except FileNotFoundError:
            if last:
                raise
        else:
            return


@app.task(name="insights.read_ahead")
def read_ahead(brand: str) -> None:
    """Makes what groups of customers are told apart by, so that whoever asks first needn't wait for it."""
    for last in (False, True):
        try:
            read_properties_ahead(brand_by_id(uuid.UUID(brand)))
        except FileNotFoundError:
            if last:
                raise
        else:
            return


@app.task(name="insights.count_evidence", queueing_lock="insights.count_evidence")
def count_evidence_again(brand: str) -> None:
    """Somebody gave a card evidence, changed or confirmed it."""
    for last in (False, True):
        try:
            bring_evidence_up_to_date(brand_by_id(uuid.UUID(brand)))
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
        bring_evidence_up_to_date(brand)
        ask_to_look_where_due(brand)


@app.task(name="insights.look_for_proposals", queueing_lock="insights.look_for_proposals")
def look_for_proposals(brand: str, journey: str) -> None:
    """Proposes what the log says a journey should change; a journey that is gone needs nothing."""
    try:
        propose_from_the_log(brand_by_id(uuid.UUID(brand)), uuid.UUID(journey))
    except NotFound:
        return


@app.task(name="insights.draft_journey")
def draft_journey(brand: str, draft: str) -> None:
    """Draws a first canvas that somebody asked for; one that was let go needs nothing."""
    from parcours.insights.drafting.running import make_draft

    try:
        make_draft(uuid.UUID(brand), uuid.UUID(draft))
    except NotFound:
        return


@app.task(name="insights.place_conversations", queueing_lock="insights.place_conversations")
def place_conversations(brand: str) -> None:
    """Gives conversations that nobody has placed a stage, a touchpoint and a topic."""
    from parcours.insights.conversations.placing import place_waiting

    place_waiting(brand_by_id(uuid.UUID(brand)))


@app.task(name="insights.match_answers", queueing_lock="insights.match_answers")
def match_answers(brand: str) -> None:
    """Compares what customers who wait wrote last with the quick replies."""
    from parcours.insights.conversations.answers import match_waiting

    match_waiting(uuid.UUID(brand))
