import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

log = logging.getLogger(__name__)


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
