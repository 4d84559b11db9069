"""From a first look at the shop to a shoe that might be the right one."""

from dataclasses import dataclass

import numpy as np

from parcours.demo import words
from parcours.demo.arrays import Flags, Ints, Texts, chosen, either, pick
from parcours.demo.log import SERVICE
from parcours.demo.rhythm import DAY, HOUR, spread
from parcours.demo.service import CHAT, INSTAGRAM, ask
from parcours.demo.world import World

SIZE_GUIDE = "Choosing your size"
OTHER_ARTICLES = (
    "Delivery times and costs",
    "Returns and exchanges",
    "Which shoe for which ground",
    "Running with back pain",
)

_PRODUCTS = (
    ("Élan 3", "road", 119.0), ("Élan 3 Femme", "road", 119.0), ("Appui Dos", "support", 139.0),
    ("Appui Route", "support", 129.0), ("Crête 2", "trail", 145.0), ("Crête Légère", "trail", 135.0),
    ("Plume 10 km", "race", 159.0), ("Premier Pas", "beginner", 79.0),
    ("Premier Pas Femme", "beginner", 79.0), ("Chaussettes Nuage", "accessories", 14.0),
)  # fmt: skip
_TASTE = (14.0, 14.0, 12.0, 9.0, 12.0, 7.0, 7.0, 11.0, 10.0, 4.0)
_PROMOTIONS = ("Running with back pain", "New Élan 3", "Autumn trail")
_PAGES = ("Home", "Running with back pain", "Which shoe for which runner", "First marathon")


@dataclass(frozen=True, slots=True)
class Shoppers:
    """Customers who got this far, when, what they look at, and who of them read the size guide."""

    customer: Ints
    time: Ints
    product: Texts
    price: np.ndarray
    guided: Flags


def discover(world: World, customer: Ints, time: Ints) -> tuple[Ints, Ints]:
    """First contact. Returns those who want to know more, and when they do."""
    random, log, people = world.random, world.log, world.people
    count = len(customer)
    young = people.generation[customer] >= 3
    social = chosen(random, np.where(young, 0.4, 0.12), count)
    advertised = social & chosen(random, 0.7, count) | chosen(random, 0.12, count)
    log.add(
        "Promotion Clicked", customer, time, either(social, INSTAGRAM, "web"), where=advertised,
        promotion=pick(random, _PROMOTIONS, (3.0, 4.0, 2.0), count),
    )  # fmt: skip
    log.add(
        "Page Viewed", customer, time + 4, "web", page=pick(random, _PAGES, (6.0, 1.6, 1.8, 1.0), count),
        region=people.region[customer], country=people.country[customer], device=people.device[customer],
        browser=people.browser[customer],
    )  # fmt: skip
    log.add(
        "Product List Viewed", customer, time + random.integers(30, 200, count), "web",
        where=chosen(random, 0.6, count),
        category=pick(random, ("road", "support", "trail", "beginner"), (5.0, 3.0, 3.0, 3.0), count),
    )  # fmt: skip
    interested = chosen(random, 0.43, count)
    chats = np.flatnonzero(chosen(random, 0.06, count))
    topic = np.full(len(chats), words.FIRST, dtype=object)
    answers = ask(world, customer[chats], time[chats] + 180, topic, np.full(len(chats), CHAT, dtype=object))
    interested[chats] = chosen(random, np.where(answers.waited < HOUR, 0.68, 0.35), len(chats))
    soon = chosen(random, 0.42, count)
    pause = np.where(soon, spread(random, count, 0.08 * HOUR, 0.7), spread(random, count, 2.6 * DAY, 0.9))
    wanted = time + 260 + pause.astype(np.int64)
    wanted[chats] = np.maximum(wanted[chats], answers.time + 60)
    return customer[interested], wanted[interested]


def come_back(world: World, customer: Ints, time: Ints) -> None:
    """What brings a customer back for the next pair: a letter, or worn soles."""
    random = world.random
    lettered = world.people.opted_in[customer] & chosen(random, 0.4, len(customer))
    log = world.log
    log.add(
        "Email Sent",
        customer,
        time - 3 * HOUR,
        "email",
        source=SERVICE,
        where=lettered,
        campaign="newsletter",
    )
    log.add(
        "Email Clicked", customer, time - 30, "email", source=SERVICE, where=lettered, campaign="newsletter"
    )


def compare(world: World, customer: Ints, time: Ints, *, cart_chance: float) -> Shoppers:
    """Visits to product and help pages, a question for one in four. Returns those who fill a cart."""
    random = world.random
    count = len(customer)
    moment, guided = time.copy(), np.zeros(count, dtype=bool)
    product = random.choice(len(_PRODUCTS), count, p=np.array(_TASTE) / sum(_TASTE))
    visiting = np.ones(count, dtype=bool)
    for _visit in range(4):
        moment, read = _visit_shop(world, customer, moment, product, visiting)
        guided |= read
        visiting &= chosen(random, 0.45, count)
        if not visiting.any():
            break
        pause = spread(random, count, 1.3 * DAY, 0.8).astype(np.int64)
        moment = np.where(visiting, world.calendar.at_web_hours(random, moment + pause), moment)
    chance = np.full(count, cart_chance)
    asking = np.flatnonzero(chosen(random, 0.25, count))
    moment[asking] = _question(world, customer[asking], moment[asking], chance, asking)
    buys = chosen(random, chance, count)
    pause = np.where(chosen(random, 0.5, count), 240, spread(random, count, 1.1 * DAY, 0.8)).astype(np.int64)
    names = np.array([name for name, _category, _price in _PRODUCTS], dtype=object)[product]
    prices = np.array([price for _name, _category, price in _PRODUCTS])[product]
    return Shoppers(customer[buys], (moment + pause)[buys], names[buys], prices[buys], guided[buys])


def _visit_shop(
    world: World, customer: Ints, time: Ints, product: Ints, visiting: Flags
) -> tuple[Ints, Flags]:
    """One visit. Returns when it ended and who read the size guide."""
    random, log, people = world.random, world.log, world.people
    count = len(customer)
    in_app = (
        people.has_account[customer] & (people.device[customer] == "phone") & (people.loyalty[customer] > 0.9)
    )
    channel = either(in_app, "app", "web")
    query = pick(random, words.SEARCHES, (1.0,) * len(words.SEARCHES), count)
    log.add(
        "Products Searched", customer, time, channel, where=visiting & chosen(random, 0.3, count), query=query
    )
    moment = time + 20
    looking = visiting.copy()
    for look in range(4):
        other = random.choice(len(_PRODUCTS), count)
        seen = product if look == 0 else np.where(chosen(random, 0.4, count), product, other)
        log.add(
            "Product Viewed", customer, moment, channel, where=looking,
            product=np.array([name for name, _category, _price in _PRODUCTS], dtype=object)[seen],
            category=np.array([category for _name, category, _price in _PRODUCTS], dtype=object)[seen],
            price=np.array([price for _name, _category, price in _PRODUCTS])[seen],
        )  # fmt: skip
        moment = moment + np.where(looking, random.integers(25, 180, count), 0)
        looking &= chosen(random, 0.5, count)
    searching = visiting & chosen(random, 0.1, count)
    question = pick(random, words.QUESTIONS, (1.0,) * len(words.QUESTIONS), count)
    log.add("Article Searched", customer, moment, "help", where=searching, query=question)
    reading_guide = visiting & chosen(random, 0.2, count)
    log.add("Article Viewed", customer, moment + 15, "help", where=reading_guide, article=SIZE_GUIDE)
    elsewhere = pick(random, OTHER_ARTICLES, (4.0, 2.0, 1.0, 2.0), count)
    log.add(
        "Article Viewed", customer, moment + 40, "help",
        where=visiting & (searching | chosen(random, 0.08, count)), article=elsewhere,
    )  # fmt: skip
    return np.where(visiting, moment + 90, time), reading_guide


def _question(world: World, customer: Ints, time: Ints, chance: np.ndarray, asking: Ints) -> Ints:
    """Asks before buying; how long the answer takes decides. Returns when it came."""
    topics = (words.ADVICE, words.SIZE, words.DELAY)
    answers = ask(world, customer, time + 60, pick(world.random, topics, (3.0, 4.0, 3.0), len(customer)))
    slow, quick = answers.waited > 24 * HOUR, answers.waited < 2 * HOUR
    chance[asking] *= np.where(~answers.reached, 0.7, np.where(slow, 0.12, np.where(quick, 1.6, 1.0)))
    return answers.time + 120
