import pytest
from django.db import DatabaseError, connection, transaction

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.journal.models import Entry
from parcours.journal.writes import black_out, record


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


@pytest.mark.parametrize("others", [0, 500])
def test_only_the_words_of_an_erased_person_are_blacked_out(system: Actor, others: int) -> None:
    record(
        system, "customer changed", "customer", "7", {"to": {"Mark@example.net": ["x", "mark@example.net"]}}
    )
    record(system, "card moved", "card", "42", {"to": "write to mark@example.net, please"})
    words = ["mark@example.net", *(f"somebody-{n}@example.net" for n in range(others))]
    black_out(system.brand_id, words)
    changed, moved = Entry.objects.order_by("id")
    assert changed.data == {"to": {"[erased]": ["x", "[erased]"]}}
    assert moved.data == {"to": "[erased]"}
    assert (moved.verb, moved.target_id, moved.actor_label) == ("card moved", "42", "Parcours")


def test_blacking_out_changes_nothing_else(system: Actor, other_brand: Brand) -> None:
    record(system_actor(other_brand.pk), "card moved", "card", "42", {"to": "mark@example.net"})
    assert black_out(system.brand_id, ["mark@example.net"]) == 0
    assert black_out(system.brand_id, []) == 0
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(data={})
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('parcours.erasing', 'on', true)")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(verb="nothing happened")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.all().delete()
