"""A job whose worker was killed is done by another one."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from parcours.core.clock import now
from parcours.core.lanes import LANES, OUTSIDE, SENDING
from parcours.core.tasks import forget_old_jobs, take_up_stalled_jobs
from parcours.live.tasks import forget_old_updates_hourly

DEAD = timedelta(minutes=5)


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_dead_worker_waits_again_and_that_of_a_living_one_goes_on() -> None:
    dead, living = worker(now() - DEAD), worker(now())
    stalled, running = doing(dead), doing(living)
    take_up()
    assert status(stalled) in {"todo", "succeeded"}
    assert status(running) == "doing"


@pytest.mark.django_db(transaction=True)
def test_a_dead_workers_job_that_waits_a_second_time_holds_up_no_other() -> None:
    dead = worker(now() - DEAD)
    doubled = doing(dead, lock="once at a time")
    later = forget_old_updates_hourly.configure(queueing_lock="once at a time", schedule_in={"days": 1})
    waiting = later.defer(timestamp=0)
    other = doing(dead)
    take_up()
    assert status(doubled) == "failed"
    assert status(waiting) == "todo"
    assert status(other) in {"todo", "succeeded"}


@pytest.mark.django_db(transaction=True)
def test_jobs_that_are_done_are_forgotten_the_next_day_and_failed_ones_after_a_month() -> None:
    ended = {
        (state, days): job_ended(state, days) for state in ("succeeded", "failed") for days in (0, 2, 40)
    }
    work_off(forget_old_jobs)
    kept = {each for each, job in ended.items() if is_there(job)}
    assert kept == {("succeeded", 0), ("failed", 0), ("failed", 2)}


def job_ended(state: str, days: int) -> int:
    job = doing(worker(now()))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [state, job])
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - make_interval(days => %s) WHERE job_id = %s",
            [days, job],
        )
    return job


def is_there(job: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM procrastinate_jobs WHERE id = %s", [job])
        return cursor.fetchone() is not None


def take_up() -> None:
    work_off(take_up_stalled_jobs)


def work_off(task: Any) -> None:
    task.configure(task_kwargs={"timestamp": 0}).defer()
    with app.replace_connector(
        PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=2)
    ) as working:
        working.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def worker(heartbeat: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", [heartbeat]
        )
        return int(cursor.fetchone()[0])


def doing(worker_id: int, *, lock: str = "") -> int:
    """A job that a worker has begun. Each has a lock of its own: the schedule may queue the same task."""
    job = forget_old_updates_hourly.configure(queueing_lock=lock or str(uuid4())).defer(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker_id, job]
        )
    return job


def status(job: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job])
        return str(cursor.fetchone()[0])


def test_every_task_has_a_lane_and_what_waits_for_others_has_another_one_than_replies() -> None:
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    lanes = {name: task.queue for name, task in app.tasks.items() if task.queue != "builtin"}
    assert set(lanes.values()) == set(LANES)
    for name in ("inbox.deliver_webhooks", "inbox.pull", "inbox.fetch_files", "inbox.reconcile"):
        assert lanes[name] == OUTSIDE
    assert lanes["inbox.send"] == SENDING
