from procrastinate.contrib.django import app

from parcours.live.writes import forget_old_updates


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="forget_old_updates")
def forget_old_updates_hourly(timestamp: int) -> None:  # noqa: ARG001 - the schedule hands it over
    forget_old_updates()
