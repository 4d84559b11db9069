"""Queues, agents and rules on their pages: set up in plain words, tried before they count."""

import pytest
from django.test import Client

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.routing import reads
from parcours.inbox.routing.assigning import assign_waiting
from parcours.inbox.routing.presence import set_state
from tests.inbox.conftest import loft, pigeons
from tests.inbox.test_receiving import bring

__all__ = ["loft", "pigeons"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_team_sets_up_a_queue_a_rule_and_somebody_for_it(
    brand: Brand, agnes: Person, as_alice: Client, loft: ChannelAccount, alice_acts: Actor
) -> None:
    as_alice.post(
        "/inbox/settings/queues/", {"name": "Returns", "members": [agnes.pk], "strategy": "longest_idle"}
    )
    returns = next(each for each in reads.queues(brand.pk) if each.name == "Returns")
    assert returns.members == (agnes.pk,)
    as_alice.post("/inbox/settings/skills/", {"skill": "Shoe repair"})
    [skill] = reads.skills(brand.pk)
    as_alice.post(
        f"/inbox/settings/agents/{agnes.pk}/",
        {"languages": "FR, en", "skills": [skill.id], "capacity": "2", "revision": "0"},
    )
    as_alice.post(
        "/inbox/settings/rules/",
        {
            "name": "Broken shoes",
            "if-words": "broken\r\ntorn",
            "if-languages": "en",
            "queue": returns.id,
            "skills": [skill.id],
            "priority": "1",
            "enabled": "1",
        },
    )
    as_alice.post("/inbox/settings/queues/settings/", {"assigns": "1", "sticky": "1"})
    set_state(agnes.pk, "online", acting_user=alice_acts)

    tried = as_alice.get(
        "/inbox/settings/rules/",
        {"try": "1", "account": str(loft.pk), "text": "My shoes are torn and it is a pity"},
    ).content.decode()
    assert "It would go into “Returns”." in tried
    assert "Because of the rule “Broken shoes”" in tried
    assert "Agnes would get it: they have not been given one for longest." in tried

    bring(loft, {"id": "1", "text": "My shoes are torn and it is a pity"})
    assign_waiting(brand.pk)
    conversation = Conversation.objects.get()
    assert conversation.assignee == agnes
    page = as_alice.get(f"/inbox/{conversation.pk}/").content.decode()
    assert "It came into the queue “Returns” by the rule “Broken shoes”" in page
    assert "Words in the first message: “torn”" in page
    assert "It was given to Agnes: they have not been given one for longest" in page
    rules = as_alice.get("/inbox/settings/rules/").content.decode()
    assert "“broken” or “torn”" in rules
    assert "into the queue “Returns”, to somebody with the skill Shoe repair, urgent" in rules
    agents = as_alice.get("/inbox/settings/agents/").content.decode()
    assert "1 of 2" in agents
    assert "Shoe repair" in agents


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    brand: Brand, agnes: Person, as_alice: Client
) -> None:
    here = f"/inbox/settings/agents/{agnes.pk}/"
    assert as_alice.post(here, {"capacity": "4", "revision": "0"}).status_code == 302
    late = as_alice.post(here, {"capacity": "9", "revision": "0"})
    assert late.status_code == 409
    assert 'value="9"' in late.content.decode(), "what was typed is still there"
    assert reads.profile(brand.pk, agnes.pk).capacity == 4


def test_queues_cannot_flow_over_in_a_circle_nor_without_a_time(brand: Brand, as_alice: Client) -> None:
    as_alice.post("/inbox/settings/queues/", {"name": "First"})
    first = next(each for each in reads.queues(brand.pk) if each.name == "First")
    second = {"name": "Second", "overflow": first.id}
    assert as_alice.post("/inbox/settings/queues/", second).status_code == 422
    as_alice.post("/inbox/settings/queues/", {**second, "after_minutes": "5"})
    made = next(each for each in reads.queues(brand.pk) if each.name == "Second")
    circle = {"name": "First", "overflow": made.id, "after_minutes": "5", "revision": "1"}
    answer = as_alice.post(f"/inbox/settings/queues/{first.id}/", circle)
    assert "round in a circle" in answer.content.decode()


def test_a_queue_is_put_away_and_comes_back_but_the_first_stays(brand: Brand, as_alice: Client) -> None:
    as_alice.post("/inbox/settings/queues/", {"name": "Summer sale"})
    default, sale = reads.queues(brand.pk)
    here = f"/inbox/settings/queues/{sale.id}/archive/"
    page = as_alice.post(here, follow=True).content.decode()
    assert "“Summer sale” was put away" in page
    assert len(reads.queues(brand.pk)) == 1
    as_alice.post(f"{here}?back=1")
    assert len(reads.queues(brand.pk)) == 2
    assert as_alice.post(f"/inbox/settings/queues/{default.id}/archive/").status_code == 422
    as_alice.post(here)
    as_alice.post("/inbox/settings/queues/", {"name": "Summer sale"})
    assert as_alice.post(f"{here}?back=1").status_code == 422, "the name is another one's by now"


def test_rules_change_places_and_go(brand: Brand, as_alice: Client) -> None:
    for name in ("One", "Two"):
        as_alice.post("/inbox/settings/rules/", {"name": name, "priority": "1", "enabled": "1"})
    one, two = reads.rules(brand.pk)
    as_alice.post(f"/inbox/settings/rules/{two.id}/shift/")
    assert [each.name for each in reads.rules(brand.pk)] == ["Two", "One"]
    as_alice.post(f"/inbox/settings/rules/{two.id}/shift/", {"down": "1"})
    assert [each.name for each in reads.rules(brand.pk)] == ["One", "Two"]
    as_alice.post(f"/inbox/settings/rules/{one.id}/delete/")
    assert [each.name for each in reads.rules(brand.pk)] == ["Two"]
    nothing = as_alice.post("/inbox/settings/rules/", {"name": "Idle"})
    assert "Say what is to happen" in nothing.content.decode()


def test_agents_do_not_change_how_work_is_handed_out(as_agnes: Client) -> None:
    for page in ("queues", "agents", "rules"):
        assert as_agnes.get(f"/inbox/settings/{page}/").status_code == 403
