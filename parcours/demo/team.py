"""Who answers customers at Foulée: two shifts, what each of them knows, and which questions go to whom."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from parcours.accounts.enums import Role
from parcours.accounts.models import Brand
from parcours.accounts.reads import people_of
from parcours.accounts.rights import Actor
from parcours.accounts.writes import add_person
from parcours.core.clock import clock_at, now
from parcours.customers.reads import segments
from parcours.demo.population import LATE_REGION
from parcours.demo.rhythm import PARIS
from parcours.demo.said import Said, language_here
from parcours.inbox.routing import reads
from parcours.inbox.routing.agents import ProfileForm, save_profile, save_skill
from parcours.inbox.routing.presence import seen, set_state
from parcours.inbox.routing.queues import QueueForm, default_queue, save_queue
from parcours.inbox.routing.rules import RuleForm, save_rule

ADVICE = Said("Running advice", "Conseil course à pied")
RETURNS = Said("Returns and refunds", "Retours et remboursements")
OVERSEAS = Said("Overseas delivery", "Livraison outre-mer")
SOCIAL = Said("Social networks", "Réseaux sociaux")
EVERYTHING = Said("Everything", "Tout")
ORDERS = Said("Orders and returns", "Commandes et retours")
BREAK = Said("Break", "Pause")
SHIFT_CHANGES_AT = 14
_SHIFT = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Agent:
    """`early`: until 14 h; the others from then on. `chats` at a time, of `capacity` conversations."""

    name: str
    early: bool
    skills: tuple[Said, ...] = ()
    languages: tuple[str, ...] = ("fr",)
    capacity: int = 10
    chats: int = 3

    @property
    def email(self) -> str:
        bare = self.name.split()[0].lower()
        return f"{bare.translate(str.maketrans('éèë', 'eee'))}@parcours.example"


BOTH = ("fr", "en")
TEAM = (
    Agent("Amina Benali", True, (ADVICE, OVERSEAS), BOTH, 12, 4),
    Agent("Bruno Carrère", True, (RETURNS,)),
    Agent("Claire Le Gall", True, (), BOTH, 4, 1),
    Agent("Denis Oudin", True, (ADVICE,)),
    Agent("Élise Fournier", True, (RETURNS, OVERSEAS), BOTH),
    Agent("Farid Haddad", True, (ADVICE,), capacity=6, chats=2),
    Agent("Gwenaëlle Rio", False, (RETURNS,)),
    Agent("Hugues Payet", False, (OVERSEAS, RETURNS), BOTH),
    Agent("Inès Moreau", False, (ADVICE,), BOTH, 12, 4),
    Agent("Joris Lambert", False, (ADVICE,)),
    Agent("Katia Weber", False, (RETURNS,), ("fr", "en", "de")),
    Agent("Lionel Texier", False, (ADVICE,), capacity=6, chats=2),
)
_ON_SOCIAL = ("Farid", "Inès", "Katia")


def invite_team(brand: Brand, *, acting_user: Actor) -> None:
    """Those who aren't colleagues yet; their passwords are shown to nobody."""
    there = {row.person.email for row in people_of(brand)}
    for agent in TEAM:
        if agent.email not in there:
            add_person(agent.email, brand=brand, role=Role.AGENT, name=agent.name, acting_user=acting_user)


def set_up_routing(brand: Brand, *, acting_user: Actor) -> None:
    """Skills, queues and rules, who can take what, and who is there now. Nothing is handed out by itself:
    that is for whoever looks at the demo to switch on. What somebody has changed stays.
    """
    if reads.rules(brand.pk):
        return
    language = language_here()
    people = {row.person.label.split()[0]: row.person_id for row in people_of(brand)}
    skills = {
        each: save_skill(brand, each.in_language(language), acting_user=acting_user).pk
        for each in (ADVICE, RETURNS, OVERSEAS)
    }
    team = [(agent, people[agent.name.split()[0]]) for agent in TEAM if agent.name.split()[0] in people]
    for agent, person in team:
        form = ProfileForm(
            languages=agent.languages,
            skills=[skills[each] for each in agent.skills],
            capacity=agent.capacity,
            most={"chat": agent.chats},
        )
        save_profile(brand, person, form, acting_user=acting_user)
        _come(agent, person, language, acting_user)

    def queue(name: Said, members: list[str], answer_within: int | None = None) -> QueueForm:
        known = [people[each] for each in members if each in people]
        return QueueForm(name.in_language(language), known, answer_within=answer_within)

    def knowing(skill: Said) -> list[str]:
        return [agent.name.split()[0] for agent in TEAM if skill in agent.skills]

    everything = default_queue(brand)
    save_queue(brand, queue(EVERYTHING, []), queue_id=everything.pk, acting_user=acting_user)
    advice = save_queue(brand, queue(ADVICE, knowing(ADVICE), answer_within=900), acting_user=acting_user)
    orders = save_queue(brand, queue(ORDERS, knowing(RETURNS)), acting_user=acting_user)
    social = save_queue(brand, queue(SOCIAL, list(_ON_SOCIAL)), acting_user=acting_user)
    overseas = [each.key for each in segments(brand) if each.name == LATE_REGION]
    words = ["retour", "échange", "rembours", "return", "refund", "exchange"]
    for rule in (
        *[RuleForm(LATE_REGION, {"segments": [key]}, orders.pk, [skills[OVERSEAS]], 1) for key in overseas],
        RuleForm(SOCIAL.in_language(language), {"channels": ["instagram"]}, social.pk),
        RuleForm(RETURNS.in_language(language), {"words": words}, orders.pk, [skills[RETURNS]]),
        RuleForm(ADVICE.in_language(language), {"pages": ["/produits/"]}, advice.pk),
    ):
        save_rule(brand, rule, acting_user=acting_user)


def _come(agent: Agent, person: uuid.UUID, language: str, acting_user: Actor) -> None:
    """Whose shift it is are there, for as long as it lasts: nobody sits at their desks to say so."""
    is_early = now().astimezone(PARIS).hour < SHIFT_CHANGES_AT
    if agent.early != is_early:
        return
    if agent.name.startswith(("Denis", "Joris")):
        set_state(person, "away", BREAK.in_language(language), acting_user=acting_user)
    else:
        set_state(person, "online", acting_user=acting_user)
    with clock_at(now() + _SHIFT):
        seen(person, acting_user.brand_id)
