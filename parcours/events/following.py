"""The lake follows what became of customers: merges made and undone by people, between hand-offs."""

import uuid

from django.db import transaction

from parcours.accounts.models import Brand
from parcours.customers.reads import homecomings, merges_not_in_lake
from parcours.customers.writes import note_homecomings, note_merges_in_lake
from parcours.events.lake import Lake
from parcours.events.lake.manifest import sole_writer


def follow_merges(brand: Brand) -> bool:
    """Gives events to those whose they are now; says whether there was anything to do."""
    lake = Lake(brand.pk)
    with sole_writer(brand.pk), lake.staging() as staging:
        moves, back = merges_not_in_lake(brand), homecomings(brand)
        if not moves and not back.merges:
            return False

        def noted(_stored: int, _already_there: int) -> None:
            note_merges_in_lake(brand, moves)
            note_homecomings(back)

        lake.take_in(staging, moves=moves, homecomings=back.of, beside=noted)
    return True


def ask_to_follow(brand_id: uuid.UUID) -> None:
    """Called when a person made customers one or took them apart; part of their transaction."""
    from procrastinate.exceptions import AlreadyEnqueued

    from parcours.events.tasks import follow

    try:
        # A savepoint: the refusal of a second job must not undo the merge.
        with transaction.atomic():
            follow.configure(queueing_lock=f"events.follow_merges.{brand_id}").defer(brand=str(brand_id))
    except AlreadyEnqueued:
        return  # a run that hasn't begun yet will see these merges too
