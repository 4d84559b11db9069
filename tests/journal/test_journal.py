import pytest
from django.db import DatabaseError, transaction

from parcours.accounts.rights import Actor
from parcours.journal.models import Entry
from parcours.journal.writes import record


def test_the_journal_keeps_who_did_what(system: Actor) -> None:
    record(system, "card moved", "card", "42", {"to": "decision"})
    entry = Entry.objects.get(verb="card moved")
    assert (entry.actor_label, entry.target_id, entry.data) == ("Parcours", "42", {"to": "decision"})


def test_an_entry_can_be_neither_changed_nor_deleted(system: Actor) -> None:
    record(system, "card moved", "card", "42")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(verb="nothing happened")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.all().delete()
    assert Entry.objects.filter(verb="card moved").exists()
