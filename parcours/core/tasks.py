import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

log = logging.getLogger(__name__)

KEPT_HOURS = 24
KEPT_FAILED_HOURS = 24 * 30


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="take_up_stalled_jobs", pass_context=True)
async def take_up_stalled_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Gives the jobs of workers that died to those that live: a worker without a heartbeat is dead.

    One that is wanted once at a time and waits already a second time is not needed any more.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            log.info("job %s of a dead worker is given up: the same waits already", job.id)
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)


@app.periodic(cron="13 * * * *")
@app.task(queueing_lock="forget_old_jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - as above
    """Every message and event makes some: those that are done are of no use, failed ones for a month."""
    manager = context.app.job_manager
    await manager.delete_old_jobs(KEPT_HOURS)
    await manager.delete_old_jobs(
        KEPT_FAILED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
