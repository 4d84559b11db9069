"""Quick replies, macros and kept views: found, filled, suggested, imported."""

import pytest

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput, Conflict, Forbidden, NotFound
from parcours.inbox.desk import macros, replies
from parcours.inbox.desk.views import change_view, delete_view, save_view, saved_views


@pytest.fixture
def agnes_acts(agnes: Person, brand: Brand) -> Actor:
    return Actor(kind="person", brand_id=brand.pk, role="agent", id=agnes.pk, label="Agnes")


def save(brand: Brand, actor: Actor, shortcut: str, **texts: str) -> replies.ReplyView:
    return replies.save_reply(brand, shortcut=shortcut, name=shortcut.title(), texts=texts, acting_user=actor)


def test_variables_that_are_not_known_stay_to_be_seen() -> None:
    text = "Bonjour {{customer.first_name}}, commande {{ order.number }}"
    assert replies.filled(text, {"customer.first_name": "Léa", "order.number": ""}) == (
        "Bonjour Léa, commande {{ order.number }}"
    )


def test_a_variable_that_nobody_fills_is_refused_where_it_stands(brand: Brand, alice_acts: Actor) -> None:
    with pytest.raises(BadInput) as refused:
        save(brand, alice_acts, "odd", en="Hello {{customer.shoe_size}}")
    assert refused.value.where == "en"


def test_a_shortcut_is_given_once_and_free_again_after_deleting(brand: Brand, alice_acts: Actor) -> None:
    first = save(brand, alice_acts, "/Hello there", en="Hello")
    assert first.shortcut == "hello-there"
    with pytest.raises(Conflict):
        save(brand, alice_acts, "hello-there", en="Hi")
    replies.delete_reply(first.id, acting_user=alice_acts)
    save(brand, alice_acts, "hello-there", en="Hi")
    with pytest.raises(Conflict):
        replies.restore_reply(first.id, acting_user=alice_acts)


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_table_is_imported_whole_or_not_at_all(brand: Brand, alice_acts: Actor, separator: str) -> None:
    lines = ["shortcut,name,fr,en", "parcel,Parcel,Votre colis,Your parcel", "size,Size,,Half a size"]
    good = "\n".join(lines).replace(",", separator).encode("utf-8-sig")
    assert replies.import_replies(brand, good, acting_user=alice_acts) == 2
    assert (
        replies.import_replies(brand, good, acting_user=alice_acts) == 2
    )  # the same again changes words only
    assert [each.shortcut for each in replies.replies(brand.pk)] == ["parcel", "size"]
    bad = good + "\nnew,New,,".replace(",", separator).encode()
    with pytest.raises(BadInput) as refused:
        replies.import_replies(brand, bad, acting_user=alice_acts)
    assert refused.value.where == "line 4"
    assert len(replies.replies(brand.pk)) == 2


def test_agents_use_quick_replies_but_do_not_change_them(brand: Brand, agnes_acts: Actor) -> None:
    with pytest.raises(Forbidden):
        save(brand, agnes_acts, "mine", en="Mine")


def test_a_macro_keeps_its_deeds_in_the_order_in_which_they_are_done(brand: Brand, alice_acts: Actor) -> None:
    made = macros.save_macro(
        brand,
        name="Return",
        deeds=[("close", {}), ("tags", {"add": "return"})],
        texts={"en": "Here is how."},
        acting_user=alice_acts,
    )
    assert macros.macro(brand.pk, made.id).deeds == [("tags", {"add": "return"}), ("close", {})]
    macros.delete_macro(made.id, acting_user=alice_acts)
    assert macros.macros(brand.pk) == ()
    with pytest.raises(BadInput):
        macros.save_macro(brand, name="Nothing", deeds=[], texts={}, acting_user=alice_acts)


def test_views_are_ones_own_or_everybodys(alice_acts: Actor, agnes_acts: Actor) -> None:
    own = save_view("Sizes", "?tag=size", shared=False, acting_user=agnes_acts)
    everybodys = save_view("Late ones", "?view=late", shared=True, acting_user=alice_acts)
    assert [each.name for each in saved_views(agnes_acts)] == ["Late ones", "Sizes"]
    assert [each.name for each in saved_views(alice_acts)] == ["Late ones"]
    with pytest.raises(Forbidden):
        save_view("For all", "?tag=size", shared=True, acting_user=agnes_acts)
    with pytest.raises(Forbidden):
        delete_view(everybodys.id, acting_user=agnes_acts)
    with pytest.raises(NotFound):
        delete_view(own.id, acting_user=alice_acts)
    delete_view(own.id, acting_user=agnes_acts)


def test_two_who_rename_a_view_at_once_don_t_undo_each_other(alice_acts: Actor, agnes_acts: Actor) -> None:
    late = save_view("Late ones", "?view=late", shared=True, acting_user=alice_acts)
    named = change_view(late.id, "Too late", state=late.state, acting_user=alice_acts)
    with pytest.raises(Conflict, match="it is “Too late” now"):
        change_view(late.id, "Late, all", state=late.state, acting_user=alice_acts)
    with pytest.raises(Forbidden):
        change_view(late.id, "Mine", state=named.state, acting_user=agnes_acts)
    with pytest.raises(BadInput):
        change_view(late.id, " ", state=named.state, acting_user=alice_acts)
    own = save_view("Sizes", "?tag=size", shared=False, acting_user=agnes_acts)
    with pytest.raises(Forbidden):
        change_view(own.id, "Sizes", shared=True, state=own.state, acting_user=agnes_acts)
    change_view(late.id, "Mine", shared=False, state=named.state, acting_user=alice_acts)
    assert [each.name for each in saved_views(agnes_acts)] == ["Sizes"]
    assert [each.name for each in saved_views(alice_acts)] == ["Mine"]
