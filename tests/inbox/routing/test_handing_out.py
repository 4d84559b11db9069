"""Conversations find their queue and somebody who has room for them."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.accounts.writes import remove_person
from parcours.core.clock import clock_at, now
from parcours.inbox import writes
from parcours.inbox.models import Conversation, Message
from parcours.inbox.routing import reads
from parcours.inbox.routing.agents import save_skill
from parcours.inbox.routing.assigning import assign_waiting, take_next
from parcours.inbox.routing.presence import put_silent_offline, seen, set_state
from parcours.inbox.routing.returning import look_after
from parcours.inbox.routing.rules import RuleForm, save_rule
from parcours.inbox.routing.writes import move
from tests.inbox.routing.conftest import Ask, Hire

pytestmark = pytest.mark.django_db(transaction=True)
MakeQueue = Callable[..., uuid.UUID]


def whose(conversation: Conversation) -> str:
    conversation.refresh_from_db()
    return conversation.assignee.label if conversation.assignee else ""


def acting(person: Person, brand: Brand) -> Actor:
    return Actor(kind="person", brand_id=brand.pk, role="agent", id=person.pk, label=person.label)


def lines(conversation: Conversation) -> list[str]:
    rows = Message.objects.filter(conversation=conversation, direction="line").order_by("at", "id")
    return [each["what"] for each in rows.values_list("payload", flat=True)]


def test_nobody_gets_anything_until_the_brand_wants_it(brand: Brand, hire: Hire, ask: Ask) -> None:
    hire("Ada")
    conversation = ask()
    assert assign_waiting(brand.pk) == 0
    assert whose(conversation) == ""
    [everything] = reads.queue_now(brand.pk)
    assert (everything.queue.is_default, everything.waiting) == (True, 1)


@pytest.mark.usefixtures("handing_out")
def test_whoever_has_fewest_gets_the_next_and_equals_take_turns(brand: Brand, hire: Hire, ask: Ask) -> None:
    hire("Ada")
    hire("Ben")
    conversations = [ask() for _each in range(6)]
    assert assign_waiting(brand.pk) == 6
    given = [whose(each) for each in conversations]
    assert given.count("Ada") == given.count("Ben") == 3
    assert given[0] != given[1]


@pytest.mark.usefixtures("handing_out")
def test_nobody_gets_more_than_they_have_room_for(brand: Brand, hire: Hire, ask: Ask, system: Actor) -> None:
    ada = hire("Ada", capacity=3)
    conversations = [ask() for _each in range(5)]
    writes.assign(conversations[4].pk, ada.pk, acting_user=system)
    assert assign_waiting(brand.pk) == 2
    assert [whose(each) for each in conversations] == ["Ada", "Ada", "", "", "Ada"]

    writes.close(conversations[0].pk, acting_user=system)
    assert assign_waiting(brand.pk) == 1
    [agent] = [each for each in reads.agents(brand.pk) if each.state == "online"]
    assert (agent.busy, agent.room, dict(agent.load)) == (3, 0, {"pigeons": 3})


@pytest.mark.usefixtures("handing_out")
def test_a_channel_has_its_own_limit_or_none_at_all(brand: Brand, hire: Hire, ask: Ask) -> None:
    hire("Ada", capacity=9, most={"pigeons": 2})
    hire("Ben", kinds=["email"])
    assert [ask() for _each in range(4)]
    assert assign_waiting(brand.pk) == 2


@pytest.mark.usefixtures("handing_out")
def test_automatic_mails_and_spam_keep_nobody_busy(brand: Brand, hire: Hire, ask: Ask, system: Actor) -> None:
    ada = hire("Ada", capacity=1)
    spam = ask()
    writes.assign(spam.pk, ada.pk, acting_user=system)
    writes.set_tags(spam.pk, ["spam"], acting_user=system)
    Conversation.objects.filter(pk=ask().pk).update(assignee=ada, last_customer_at=None, waiting_since=None)
    conversation = ask()
    assert assign_waiting(brand.pk) == 1
    assert whose(conversation) == "Ada"


@pytest.mark.usefixtures("handing_out")
def test_what_was_answered_an_hour_ago_keeps_nobody_busy(brand: Brand, hire: Hire, ask: Ask) -> None:
    ada = hire("Ada", capacity=1)
    first = ask()
    assign_waiting(brand.pk)
    writes.send_reply(first.pk, "On its way", acting_user=acting(ada, brand))
    ask()
    assert assign_waiting(brand.pk) == 0
    with clock_at(now() + timedelta(minutes=61)):
        assert assign_waiting(brand.pk) == 1


@pytest.mark.usefixtures("handing_out")
def test_urgent_ones_come_first_then_who_waits_longest(
    brand: Brand, hire: Hire, ask: Ask, system: Actor
) -> None:
    old, urgent, young = ask(at=1_790_000_000), ask(), ask()
    writes.set_priority(urgent.pk, 1, acting_user=system)
    hire("Ada", capacity=1)
    for expected in (urgent, old, young):
        assert assign_waiting(brand.pk) == 1
        assert whose(expected) == "Ada"
        writes.close(expected.pk, acting_user=system)


@pytest.mark.usefixtures("handing_out")
def test_whoever_knows_the_customer_comes_first(brand: Brand, hire: Hire, ask: Ask, system: Actor) -> None:
    ada, _ben = hire("Ada"), hire("Ben")
    before = ask(who="mark")
    writes.assign(before.pk, ada.pk, acting_user=system)
    writes.close(before.pk, acting_user=system)
    Conversation.objects.filter(pk=before.pk).update(closed_at=now() - timedelta(days=20))
    for _each in range(2):
        writes.assign(ask().pk, ada.pk, acting_user=system)
    again = ask(who="mark")
    assign_waiting(brand.pk)
    assert whose(again) == "Ada", "though Ben has fewer"


@pytest.mark.usefixtures("handing_out")
def test_a_language_is_answered_by_those_who_speak_it(brand: Brand, hire: Hire, ask: Ask) -> None:
    hire("Ada", languages=["en"])
    hire("Fleur", languages=["fr"])
    french = ask("Bonjour, où est mon colis ? Je ne le trouve pas.")
    english = ask("Hello, where is the parcel that you sent to me?")
    assign_waiting(brand.pk)
    assert (whose(french), whose(english)) == ("Fleur", "Ada")


@pytest.mark.usefixtures("handing_out")
def test_a_skill_is_waited_for_but_not_for_ever(brand: Brand, hire: Hire, ask: Ask, system: Actor) -> None:
    wholesale = save_skill(brand, "Wholesale", acting_user=system).pk
    save_rule(
        brand,
        RuleForm("Wholesale", {"words": ["wholesale"]}, skills=[wholesale]),
        acting_user=system,
    )
    hire("Ada")
    hire("Wim", skills=[wholesale], there=False)
    conversation = ask("A question about wholesale prices")
    assert assign_waiting(brand.pk) == 0
    with clock_at(now() + timedelta(minutes=59)):
        assert assign_waiting(brand.pk) == 0
    with clock_at(now() + timedelta(minutes=61)):
        seen_by = reads.agents(brand.pk)
        assert assign_waiting(brand.pk) == 1, seen_by
    assert whose(conversation) == "Ada"


@pytest.mark.usefixtures("handing_out")
def test_what_nobody_of_a_queue_can_is_asked_of_nobody(
    brand: Brand, hire: Hire, ask: Ask, system: Actor
) -> None:
    rare = save_skill(brand, "Icelandic law", acting_user=system).pk
    save_rule(brand, RuleForm("Law", {"words": ["law"]}, skills=[rare], language="is"), acting_user=system)
    hire("Ada", languages=["en"])
    conversation = ask("A question of law")
    assign_waiting(brand.pk)
    assert whose(conversation) == "Ada"
    assert conversation.language == "is"


@pytest.mark.usefixtures("handing_out")
def test_the_first_rule_that_fits_decides_and_says_why(
    brand: Brand, hire: Hire, ask: Ask, queue: MakeQueue, system: Actor
) -> None:
    rita = hire("Rita")
    hire("Ada")
    returns = queue("Returns", (rita,))
    save_rule(
        brand,
        RuleForm("Returns", {"words": ["return"], "channels": ["pigeons", "chat"]}, returns, priority=1),
        acting_user=system,
    )
    save_rule(brand, RuleForm("Everything else", {}, queue("Others")), acting_user=system)
    conversation = ask("I want to RETURN my shoes")
    assign_waiting(brand.pk)
    assert (whose(conversation), conversation.queue_id, conversation.priority) == ("Rita", returns, 1)
    routed, given = Message.objects.filter(conversation=conversation, direction="line").order_by("at", "id")
    assert routed.payload == {
        "what": "routed",
        "queue": "Returns",
        "rule": "Returns",
        "found": {"channels": ["pigeons"], "words": ["return"]},
    }
    assert (given.payload["what"], given.payload["name"], given.payload["why"]) == (
        "given",
        "Rita",
        "least_busy",
    )


@pytest.mark.usefixtures("handing_out")
def test_a_rule_can_ask_for_a_segment_and_for_those_who_wrote_before(
    brand: Brand, ask: Ask, queue: MakeQueue, system: Actor
) -> None:
    from parcours.customers.models import Customer

    regulars = queue("Regulars")
    save_rule(brand, RuleForm("Young", {"segments": ["z"]}, priority=1), acting_user=system)
    save_rule(brand, RuleForm("Known", {"customers": ["known"]}, regulars), acting_user=system)
    first = ask(who="mark")
    assert first.queue_id != regulars
    writes.close(first.pk, acting_user=system)
    Conversation.objects.filter(pk=first.pk).update(closed_at=now() - timedelta(days=30))
    assert ask(who="mark").queue_id == regulars
    assert Customer.objects.filter(brand=brand).exists()


@pytest.mark.usefixtures("handing_out", "pigeons_are_live")
def test_an_unanswered_chat_goes_to_somebody_else(
    brand: Brand, hire: Hire, ask: Ask, queue: MakeQueue, system: Actor
) -> None:
    quick = queue("Quick", answer_within=60)
    save_rule(brand, RuleForm("All", {}, quick), acting_user=system)
    hire("Ada")
    conversation = ask()
    assign_waiting(brand.pk)
    hire("Ben")
    with clock_at(now() + timedelta(seconds=50)):
        assert look_after(brand.pk) == 0
    with clock_at(now() + timedelta(seconds=61)):
        assert look_after(brand.pk) == 1
        assign_waiting(brand.pk)
        assert whose(conversation) == "Ben"
        assert look_after(brand.pk) == 0
    assert lines(conversation) == ["routed", "given", "given back", "given"]
    ada = next(each for each in reads.agents(brand.pk) if each.label == "Ada")
    assert (ada.state, ada.reason) == ("away", "unanswered"), "no other chat waits in vain for her"


@pytest.mark.usefixtures("handing_out", "pigeons_are_live")
def test_an_answered_chat_stays_and_so_does_one_that_a_person_assigned(
    brand: Brand, hire: Hire, ask: Ask, queue: MakeQueue, system: Actor
) -> None:
    save_rule(brand, RuleForm("All", {}, queue("Quick", answer_within=60)), acting_user=system)
    ada = hire("Ada")
    answered = ask(who="mark")
    assign_waiting(brand.pk)
    writes.send_reply(answered.pk, "Here I am", acting_user=acting(ada, brand))
    by_hand = ask()
    writes.assign(by_hand.pk, ada.pk, acting_user=system)
    with clock_at(now() + timedelta(seconds=90)):
        ask("Thank you", who="mark")
        assert look_after(brand.pk) == 0


@pytest.mark.usefixtures("handing_out")
def test_a_mail_stays_with_somebody_who_goes_offline(
    brand: Brand, hire: Hire, ask: Ask, system: Actor
) -> None:
    ada = hire("Ada")
    conversation = ask()
    assign_waiting(brand.pk)
    set_state(ada.pk, "offline", acting_user=system)
    assert whose(conversation) == "Ada"
    with clock_at(now() + timedelta(hours=25)):
        look_after(brand.pk)
    assert whose(conversation) == "", "but not for days"


@pytest.mark.usefixtures("handing_out", "pigeons_are_live")
def test_a_chat_waits_for_somebody_else_when_its_agent_goes(
    brand: Brand, hire: Hire, ask: Ask, system: Actor
) -> None:
    ada = hire("Ada")
    waits, answered = ask(), ask(who="mark")
    assign_waiting(brand.pk)
    writes.send_reply(answered.pk, "Let me see", acting_user=acting(ada, brand))
    set_state(ada.pk, "offline", acting_user=system)
    assert (whose(waits), whose(answered)) == ("", "Ada")
    hire("Ben")
    ask("Hello?", who="mark")
    assign_waiting(brand.pk)
    assert (whose(waits), whose(answered)) == ("Ben", "Ben")


@pytest.mark.usefixtures("handing_out")
def test_who_goes_quiet_is_offline_and_comes_back_by_coming_back(brand: Brand, hire: Hire, ask: Ask) -> None:
    ada = hire("Ada")
    later = now() + timedelta(minutes=4)
    with clock_at(later - timedelta(minutes=2)):
        seen(ada.pk, brand.pk)
        assert put_silent_offline() == 0
    with clock_at(later + timedelta(minutes=2)):
        assert put_silent_offline() == 1
        ask()
        assert assign_waiting(brand.pk) == 0
        assert seen(ada.pk, brand.pk).state == "online"
        assert assign_waiting(brand.pk) == 1
    with clock_at(later + timedelta(hours=9)):
        assert put_silent_offline() == 1
    with clock_at(later + timedelta(hours=20)):
        assert seen(ada.pk, brand.pk).state == "offline", "the next morning one says so oneself"


@pytest.mark.usefixtures("handing_out")
def test_a_full_queue_flows_over(brand: Brand, hire: Hire, ask: Ask, queue: MakeQueue, system: Actor) -> None:
    ada, wim = hire("Ada"), hire("Wim", there=False)
    second = queue("Second line", (ada,))
    first = queue("First line", (wim,), overflow_id=second, after_minutes=10)
    save_rule(brand, RuleForm("All", {}, first), acting_user=system)
    conversation = ask()
    assert assign_waiting(brand.pk) == 0
    with clock_at(now() + timedelta(minutes=11)):
        look_after(brand.pk)
        assign_waiting(brand.pk)
    assert (whose(conversation), conversation.queue_id) == ("Ada", second)


@pytest.mark.usefixtures("handing_out")
def test_the_one_who_gives_it_back_is_asked_last(brand: Brand, hire: Hire, ask: Ask) -> None:
    ada = hire("Ada")
    conversation = ask()
    assign_waiting(brand.pk)
    hire("Ben")
    writes.assign(conversation.pk, None, acting_user=acting(ada, brand))
    assign_waiting(brand.pk)
    assert whose(conversation) == "Ben"


def test_people_take_the_next_one_themselves(
    brand: Brand, hire: Hire, ask: Ask, queue: MakeQueue, system: Actor
) -> None:
    ada = hire("Ada", capacity=1, languages=["en"])
    others = queue("Others", (hire("Ben"),))
    french = ask("Bonjour, où est mon colis ? Je ne le trouve pas.", at=1_790_000_000)
    english = ask("Where is the parcel that you sent to me?")
    hidden = ask("Where is it?")
    move(hidden.pk, others, acting_user=system)
    taken = [take_next(acting_user=acting(ada, brand)) for _each in range(3)]
    assert [each and each.pk for each in taken] == [english.pk, french.pk, None]


@pytest.mark.usefixtures("handing_out")
def test_what_somebody_had_who_leaves_the_brand_waits_again(
    brand: Brand, hire: Hire, ask: Ask, alice_acts: Actor
) -> None:
    ada = hire("Ada")
    conversation = ask()
    assign_waiting(brand.pk)
    remove_person(ada.memberships.get(), acting_user=alice_acts)
    assert whose(conversation) == ""
