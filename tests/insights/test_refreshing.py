"""Canvases follow the events: what they show first is counted ahead, and open ones are told."""

import uuid

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas.reads import board
from parcours.canvas.shapes import Board
from parcours.canvas.writes import create_journey
from parcours.core.periods import read_period
from parcours.insights import kept, reads, tasks
from parcours.insights.reads import canvas_numbers
from parcours.insights.refreshing import APART, ask_to_count_again, count_default_views
from parcours.insights.tasks import count_again, count_for_the_day
from parcours.live.models import Update
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]


def waiting(brand: Brand) -> int:
    return ProcrastinateJob.objects.filter(
        task_name="insights.count_again", status="todo", args={"brand": str(brand.pk)}
    ).count()


@pytest.mark.django_db(transaction=True)
def test_new_events_ask_for_one_count_however_many_imports_there_are(brand: Brand, store: Store) -> None:
    store([Happened("ann", "View", 2)])
    store([Happened("ann", "Cart", 1)])
    assert waiting(brand) == 1


@pytest.mark.django_db(transaction=True)
def test_each_brand_has_a_count_of_its_own(brand: Brand, other_brand: Brand) -> None:
    ask_to_count_again(brand.pk, 1)
    ask_to_count_again(other_brand.pk, 1)
    assert (waiting(brand), waiting(other_brand)) == (1, 1)


def test_open_canvases_are_told_once_their_numbers_are_counted(
    brand: Brand, drawn: Board, store: Store, system: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = create_journey("Second", acting_user=system, language="en")
    store([Happened("ann", "View", 2)])
    Update.objects.all().delete()
    count_again(str(brand.pk))
    told = {update.topic: (update.name, update.payload) for update in Update.objects.all()}
    news = ("numbers.changed", {"generation": 1})
    assert told == {f"journey:{drawn.journey.id}": news, f"journey:{second.id}": news}
    monkeypatch.setattr(reads, "drawn_scope", None)
    kept.forget_everything_in_memory()
    numbers = canvas_numbers(brand, board(brand.pk, drawn.journey.id), read_period({}, brand.time_zone))
    assert numbers is not None
    assert numbers.stages[0].customers == 1


def test_a_count_whose_files_are_replaced_meanwhile_begins_anew(
    brand: Brand, drawn: Board, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store([Happened("ann", "View", 2)])
    Update.objects.all().delete()
    count, gone = count_default_views, [FileNotFoundError("swept")]

    def counting(of: Brand) -> list[uuid.UUID]:
        if gone:
            raise gone.pop()
        return count(of)

    monkeypatch.setattr(tasks, "count_default_views", counting)
    count_again(str(brand.pk))
    assert Update.objects.filter(topic=f"journey:{drawn.journey.id}").exists()


def test_what_tells_groups_apart_is_read_ahead_once_for_several_counts(
    brand: Brand, drawn: Board, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store([Happened("ann", "View", 2)])
    ProcrastinateJob.objects.all().delete()
    read: list[uuid.UUID] = []
    monkeypatch.setattr(tasks, "read_properties_ahead", lambda of: read.append(of.pk))
    count_again(str(brand.pk))
    count_again(str(brand.pk))
    assert not read, "not with each count"
    waiting = ProcrastinateJob.objects.filter(task_name="insights.read_ahead", status="todo")
    assert [job.args for job in waiting] == [{"brand": str(brand.pk)}]
    tasks.read_ahead(str(brand.pk))
    assert read == [brand.pk]


def test_a_new_day_is_counted_ahead(
    brand: Brand, drawn: Board, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store([Happened("ann", "View", 2)])
    count_for_the_day(0)
    monkeypatch.setattr(reads, "drawn_scope", None)
    assert canvas_numbers(brand, drawn, read_period({}, brand.time_zone)) is not None


@pytest.mark.django_db(transaction=True)
def test_a_flood_is_counted_in_steps(brand: Brand) -> None:
    def asked() -> ProcrastinateJob:
        ask_to_count_again(brand.pk, 1)
        found: ProcrastinateJob = ProcrastinateJob.objects.filter(
            task_name="insights.count_again", status="todo", args={"brand": str(brand.pk)}
        ).get()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [found.pk])
        return found

    first, second, third = asked(), asked(), asked()
    assert first.scheduled_at is None, "what comes alone is counted at once"
    assert second.scheduled_at is not None
    assert third.scheduled_at is not None
    assert (third.scheduled_at - second.scheduled_at).total_seconds() == pytest.approx(APART, abs=0.5)
