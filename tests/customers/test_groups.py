"""Groups hold customers, whoever these become."""

from parcours.accounts.models import Brand
from parcours.customers.groups import Grouped, groups_of, note_groups
from parcours.customers.writes import link_users, resolve_identities


def test_what_is_said_about_a_group_adds_up_and_members_are_in_it_once(brand: Brand) -> None:
    one, two = (int(each) for each in resolve_identities(brand, "user_id", ["1", "2"]))
    said = [Grouped(one, "acme", {"name": "Acme", "size": 3}), Grouped(two, "acme", {"size": 4})]

    assert note_groups(brand, said) == 2
    assert note_groups(brand, said) == 0

    (group,) = groups_of(brand, one)
    assert (group.key, group.name, group.traits) == ("acme", "Acme", {"name": "Acme", "size": 4})


def test_a_group_of_a_merged_customer_is_its_winners(brand: Brand) -> None:
    one, two = (int(each) for each in resolve_identities(brand, "user_id", ["1", "2"]))
    note_groups(brand, [Grouped(one, "club"), Grouped(two, "club"), Grouped(one, "")])
    link_users(brand, [("1", "2")], reason="test")

    assert [group.label for group in groups_of(brand, two)] == ["club"]
