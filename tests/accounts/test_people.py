import pytest
from django.test import Client

from parcours.accounts.models import Brand, Membership, Person, Token
from parcours.accounts.reads import actor_of_token, brand_named
from parcours.accounts.rights import Actor
from parcours.accounts.writes import (
    add_person,
    change_role,
    create_brand,
    issue_token,
    remove_person,
    revoke_token,
)
from parcours.core.errors import BadInput, Conflict, Forbidden, NotFound
from parcours.journal.reads import entries_of


def test_a_new_person_gets_a_password_that_opens_the_door(brand: Brand, system: Actor) -> None:
    password = add_person("claire@example.org", brand=brand, role="editor", acting_user=system)
    assert Person.objects.get(email="claire@example.org").check_password(password)


def test_adding_somebody_again_changes_the_role_and_keeps_the_password(brand: Brand, system: Actor) -> None:
    password = add_person("claire@example.org", brand=brand, role="editor", acting_user=system)
    assert add_person("CLAIRE@example.org", brand=brand, role="viewer", acting_user=system) == ""
    claire = Person.objects.get()
    assert claire.check_password(password)
    assert claire.memberships.get().role == "viewer"


@pytest.mark.parametrize(("email", "role"), [("claire", "editor"), ("claire@example.org", "boss")])
def test_an_impossible_address_or_role_is_refused(brand: Brand, system: Actor, email: str, role: str) -> None:
    with pytest.raises(BadInput):
        add_person(email, brand=brand, role=role, acting_user=system)
    assert not Person.objects.exists()


def test_the_last_owner_stays(brand: Brand, alice: Person, alice_acts: Actor) -> None:
    only = Membership.objects.get(person=alice)
    with pytest.raises(Conflict):
        remove_person(only, acting_user=alice_acts)
    with pytest.raises(Conflict):
        change_role(only, "viewer", acting_user=alice_acts)
    with pytest.raises(Conflict):
        add_person(alice.email, brand=brand, role="viewer", acting_user=alice_acts)
    assert Membership.objects.get(person=alice).role == "owner"


def test_every_change_of_people_is_in_the_journal(brand: Brand, alice_acts: Actor) -> None:
    add_person("claire@example.org", brand=brand, role="agent", acting_user=alice_acts)
    claire = Membership.objects.get(person__email="claire@example.org")
    change_role(claire, "editor", acting_user=alice_acts)
    remove_person(claire, acting_user=alice_acts)
    verbs = list(entries_of(brand.pk).values_list("verb", flat=True)[:3])
    assert verbs == ["person removed", "role changed", "person added"]


def test_a_token_opens_its_brand_until_it_is_revoked(brand: Brand, system: Actor) -> None:
    secret = issue_token(brand, role="viewer", name="dashboard", acting_user=system)
    found = actor_of_token(secret)
    assert found is not None
    assert (found[0].role, found[1]) == ("viewer", brand)
    assert secret not in str(Token.objects.values().get())
    revoke_token(Token.objects.get(), acting_user=system)
    assert actor_of_token(secret) is None


def test_a_brand_is_found_by_slug_or_name_and_errors_name_the_known_ones(brand: Brand) -> None:
    assert brand_named("foulee") == brand_named("FOULÉE") == brand_named(None) == brand
    with pytest.raises(NotFound, match="foulee"):
        brand_named("nike")
    with pytest.raises(Conflict):
        create_brand("Foulée")


def test_only_an_owner_manages_people(as_bob: Client, as_alice: Client) -> None:
    assert as_bob.get("/people/").status_code == 403
    assert as_bob.post("/people/", {"email": "x@example.org", "role": "owner"}).status_code == 403
    page = as_alice.post("/people/", {"email": "new@example.org", "role": "agent"})
    assert page.status_code == 200
    assert Membership.objects.get(person__email="new@example.org").role == "agent"


def test_people_of_another_brand_are_out_of_reach(as_charlie: Client, bob: Person) -> None:
    membership = Membership.objects.get(person=bob)
    assert as_charlie.post(f"/people/{membership.pk}/remove/").status_code == 404
    assert Membership.objects.filter(pk=membership.pk).exists()


def test_a_viewer_acting_on_people_is_stopped_below_the_page_too(brand: Brand, bob: Person) -> None:
    bob_acts = Actor(kind="person", brand_id=brand.pk, role="viewer", id=bob.pk, label="Bob")
    with pytest.raises(Forbidden):
        add_person("x@example.org", brand=brand, role="owner", acting_user=bob_acts)
