"""Since when conversations must have waited for their skills, and their language, to matter less."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from parcours.inbox.hours.arithmetic import Hours, business_time
from parcours.inbox.hours.reads import hours_of
from parcours.inbox.routing.fitting import PATIENCE
from parcours.inbox.routing.models import Queue

LOOKS_BACK = timedelta(days=14)
_NEAR_ENOUGH = timedelta(seconds=30)

Since = Mapping[bool, datetime]


def patient_until(brand_id: uuid.UUID, queue: Queue, moment: datetime) -> tuple[Since, Since]:
    """For skills and for languages, by whether the customer sits and waits. Mails that came in at night are
    waited with until their people have had an hour of the day.
    """
    hours = hours_of(queue=queue, brand_id=brand_id)
    live, quiet = PATIENCE[True], PATIENCE[False]
    return (
        {True: moment - live, False: worked_before(hours, moment, quiet)},
        {True: moment - 2 * live, False: worked_before(hours, moment, 2 * quiet)},
    )


def worked_before(hours: Hours, moment: datetime, span: timedelta) -> datetime:
    """The latest moment from which on people worked `span` until `moment`, to half a minute; two weeks ago
    when they didn't.
    """
    early, late = moment - LOOKS_BACK, moment
    if business_time(hours, moment - span, moment) >= span:
        return moment - span
    while late - early > _NEAR_ENOUGH:
        middle = early + (late - early) / 2
        if business_time(hours, middle, moment) >= span:
            early = middle
        else:
            late = middle
    return early
