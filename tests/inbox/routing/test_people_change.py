"""People who leave, come and go while they have conversations."""

from datetime import datetime, timedelta
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.signals import user_logged_out
from django.db import transaction

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.accounts.writes import add_person, change_role, remove_person
from parcours.core.clock import clock_at, now
from parcours.core.errors import NotFound
from parcours.inbox import writes
from parcours.inbox.hours.writes import HoursForm, save_hours
from parcours.inbox.models import Conversation
from parcours.inbox.routing import presence, reads
from parcours.inbox.routing.agents import delete_skill, save_skill
from parcours.inbox.routing.assigning import assign_waiting
from parcours.inbox.routing.models import AgentProfile, Presence
from parcours.inbox.routing.presence import put_silent_offline, seen, set_state
from parcours.inbox.routing.returning import look_after
from parcours.inbox.routing.rules import RuleForm, save_rule
from parcours.inbox.routing.turns import turn_of
from parcours.inbox.writes.handling import wake_up
from tests.inbox.routing.conftest import Ask, Hire
from tests.inbox.routing.test_handing_out import lines, whose
from tests.inbox.routing.test_racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.usefixtures("handing_out")
def test_a_viewer_has_no_conversations_any_more(
    brand: Brand, hire: Hire, ask: Ask, alice_acts: Actor, system: Actor
) -> None:
    ada = hire("Ada", capacity=7)
    conversation = ask()
    assign_waiting(brand.pk)
    change_role(ada.memberships.get(), "editor", acting_user=alice_acts)
    assert whose(conversation) == "Ada", "an editor answers as well"
    change_role(ada.memberships.get(), "viewer", acting_user=alice_acts)
    assert whose(conversation) == ""
    assert not Presence.objects.filter(person=ada).exists()
    with pytest.raises(NotFound):
        writes.assign(conversation.pk, ada.pk, acting_user=system)
    change_role(ada.memberships.get(), "agent", acting_user=alice_acts)
    assert AgentProfile.objects.get(person=ada).capacity == 7, "what she can take is known still"
    set_state(ada.pk, "online", acting_user=system)
    assert assign_waiting(brand.pk) == 1
    add_person(ada.email, brand=brand, role="viewer", acting_user=alice_acts)
    assert whose(conversation) == "", "by the command as well"


@pytest.mark.usefixtures("handing_out")
def test_what_was_put_off_or_closed_does_not_come_back_to_somebody_who_left(
    brand: Brand, hire: Hire, ask: Ask, alice_acts: Actor, system: Actor
) -> None:
    ada = hire("Ada")
    snoozed, closed = ask(), ask(who="mark")
    assign_waiting(brand.pk)
    writes.snooze(snoozed.pk, now() + timedelta(hours=1), acting_user=system)
    writes.close(closed.pk, acting_user=system)
    remove_person(ada.memberships.get(), acting_user=alice_acts)
    assert (whose(snoozed), whose(closed)) == ("", "Ada")
    assert ask("One more thing", who="mark").pk == closed.pk
    assert whose(closed) == ""
    hire("Ben")
    with clock_at(now() + timedelta(hours=2)):
        wake_up()
        set_state(Presence.objects.get(person__name="Ben").person_id, "online", acting_user=system)
        assign_waiting(brand.pk)
    assert (whose(snoozed), whose(closed)) == ("Ben", "Ben")


@pytest.mark.usefixtures("handing_out")
def test_nobody_is_gone_because_of_a_weekend(brand: Brand, hire: Hire, ask: Ask, system: Actor) -> None:
    week = [[("09:00", "18:00")]] * 5 + [[], []]
    save_hours(brand, HoursForm("Office", "Europe/Paris", week, is_default=True), acting_user=system)
    friday = datetime(2026, 11, 20, 17, 0, tzinfo=ZoneInfo("Europe/Paris"))
    with clock_at(friday):
        ada = hire("Ada")
        conversation = ask(at=int(friday.timestamp()))
        assign_waiting(brand.pk)
    with clock_at(friday + timedelta(hours=1)):
        set_state(ada.pk, "offline", acting_user=system)
    with clock_at(datetime(2026, 11, 23, 12, 50, tzinfo=ZoneInfo("Europe/Paris"))):
        look_after(brand.pk)
        assert whose(conversation) == "Ada"
    with clock_at(datetime(2026, 11, 23, 13, 10, tzinfo=ZoneInfo("Europe/Paris"))):
        look_after(brand.pk)
        assert whose(conversation) == "", "half of Monday is over without her"


@pytest.mark.usefixtures("handing_out", "pigeons_are_live")
def test_whoever_signs_out_is_offline_at_once_unless_a_desk_is_open_elsewhere(
    brand: Brand, hire: Hire, ask: Ask
) -> None:
    ada = hire("Ada")
    conversation = ask()
    assign_waiting(brand.pk)
    user_logged_out.send(type(ada), request=None, user=ada)
    assert reads.presence(brand.pk, ada.pk).state == "offline"
    assert whose(conversation) == "", "its customer waits for somebody else"
    assert seen(ada.pk, brand.pk).state == "online", "her telephone is signed in still"
    user_logged_out.send(type(ada), request=None, user=None)


def test_a_desk_that_is_heard_of_does_not_undo_what_somebody_says_then(
    brand: Brand, hire: Hire, system: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = hire("Ada")
    with clock_at(now() + timedelta(minutes=5)):
        put_silent_offline()
        real, said = turn_of, Event()

        def meanwhile(brand_id: object) -> object:
            if not said.is_set():
                said.set()
                set_state(ada.pk, "offline", "Home", acting_user=system)
            return real(brand_id)  # type: ignore[arg-type]

        monkeypatch.setattr(presence, "turn_of", meanwhile)
        assert seen(ada.pk, brand.pk).state == "offline"
    assert reads.presence(brand.pk, ada.pk).reason == "Home"


def test_a_desk_that_comes_back_waits_for_nobody_who_waits_for_it(
    brand: Brand, hire: Hire, system: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever hands out has the turn and then touches the row: so does a heartbeat, or both wait for ever."""
    ada = hire("Ada")
    touched: list[bool] = []
    real = turn_of

    def turn(brand_id: object) -> object:
        in_another = Presence.objects.select_for_update(nowait=True)
        with transaction.atomic():
            at_once(lambda: touched.append(bool(_locks(in_another))))
        return real(brand_id)  # type: ignore[arg-type]

    def _locks(rows: object) -> bool:
        with transaction.atomic():
            return bool(list(rows))  # type: ignore[call-overload]

    with clock_at(now() + timedelta(minutes=5)):
        put_silent_offline()
        monkeypatch.setattr(presence, "turn_of", turn)
        assert seen(ada.pk, brand.pk).state == "online"
    assert touched
    assert all(touched), "the row was locked before the turn was asked for"


@pytest.mark.usefixtures("handing_out", "pigeons_are_live")
def test_flapping_in_many_tabs_breaks_nothing(brand: Brand, hire: Hire, ask: Ask, system: Actor) -> None:
    ada = hire("Ada", capacity=3)
    conversations = [ask() for _each in range(5)]
    assign_waiting(brand.pk)

    def tab(*states: str) -> None:
        for state in states * 7:
            set_state(ada.pk, state, acting_user=system)
            seen(ada.pk, brand.pk)

    def worker() -> None:
        for _each in range(6):
            assign_waiting(brand.pk)
            put_silent_offline()

    outcomes = at_once(
        lambda: tab("offline", "online"), lambda: tab("away", "online"), worker, worker, worker
    )
    assert outcomes == [None] * 5
    set_state(ada.pk, "online", acting_user=system)
    assign_waiting(brand.pk)
    assert [whose(each) for each in conversations].count("Ada") == 3
    for each in conversations:
        given = [what for what in lines(each) if what in {"given", "given back"}]
        assert given == ["given", "given back"] * (len(given) // 2) + ["given"] * (len(given) % 2)


@pytest.mark.usefixtures("handing_out")
def test_fewer_than_somebody_has_takes_nothing_from_them(
    brand: Brand, hire: Hire, ask: Ask, system: Actor
) -> None:
    from parcours.inbox.routing.agents import ProfileForm, save_profile

    ada = hire("Ada", capacity=4)
    had = [ask() for _each in range(4)]
    assign_waiting(brand.pk)
    save_profile(brand, ada.pk, ProfileForm(capacity=2), acting_user=system)
    ask()
    assert assign_waiting(brand.pk) == 0
    writes.close(had[0].pk, acting_user=system)
    writes.close(had[1].pk, acting_user=system)
    assert assign_waiting(brand.pk) == 0
    writes.close(had[2].pk, acting_user=system)
    assert assign_waiting(brand.pk) == 1


@pytest.mark.usefixtures("handing_out")
def test_of_a_skill_that_is_no_more_the_others_still_count(
    brand: Brand, hire: Hire, ask: Ask, system: Actor
) -> None:
    sizes, gone = (save_skill(brand, name, acting_user=system).pk for name in ("Sizes", "Gone"))
    save_rule(brand, RuleForm("All", {}, skills=[sizes, gone]), acting_user=system)
    hire("Ada")
    wim = hire("Wim", skills=[sizes], capacity=20)
    for _each in range(5):
        writes.assign(ask().pk, wim.pk, acting_user=system)
    conversation = ask()
    delete_skill(gone, acting_user=system)
    with clock_at(now() + timedelta(hours=2)):
        set_state(wim.pk, "online", acting_user=system)
        Conversation.objects.filter(assignee=None).exclude(pk=conversation.pk).delete()
        assign_waiting(brand.pk)
    assert whose(conversation) == "Wim", "though Ada has fewer, and nobody must wait for a skill any more"


@pytest.mark.usefixtures("handing_out")
def test_who_speaks_french_understands_canadians(brand: Brand, hire: Hire, ask: Ask) -> None:
    hire("Ada", languages=["en"])
    hire("Fleur", languages=["fr-FR"], capacity=1)
    hire("Zoe", languages=["fr"], there=False)
    conversation = ask("42")
    Conversation.objects.update(language="fr-CA")
    assign_waiting(brand.pk)
    assert whose(conversation) == "Fleur"
