"""After the order: parcels, returns, reviews, friends, and the wish for a next pair."""

import numpy as np

from parcours.demo import words
from parcours.demo.arrays import Flags, Ints, Texts, chosen, either, pick
from parcours.demo.buying import Orders
from parcours.demo.log import SERVICE
from parcours.demo.population import LATE_REGION
from parcours.demo.rhythm import DAY, HOUR, spread
from parcours.demo.service import INSTAGRAM, PHONE, ask, habitual_channel
from parcours.demo.world import REFERRAL_FROM, World

REFERRAL = "Referral code"
CARE, SENDING_BACK = "Looking after your shoes", "Sending shoes back"


def live_with(world: World, orders: Orders) -> tuple[Ints, Ints]:
    """What follows these orders. Returns who wants another pair, and when."""
    customer = orders.customer
    delivered = _deliver(world, customer, orders.time)
    returning, unheard = _return_shoes(world, orders, delivered)
    _ask_where_it_is(world, customer, orders.time)
    again, next_time = _wear_out(world, customer, delivered, returning, unheard)
    happy = (
        world.people.loyalty[customer] + 0.5 * world.random.standard_normal(len(customer)) - 0.9 * returning
    )
    _ask_for_review(world, customer, delivered, happy)
    _offer_referral(world, customer, delivered, happy, again)
    return customer[again], next_time[again]


def _deliver(world: World, customer: Ints, time: Ints) -> Ints:
    random, log = world.random, world.log
    count = len(customer)
    shipped = world.calendar.next_open(time + 3 * HOUR + random.integers(0, 20 * HOUR, count))
    days = np.where(world.people.region[customer] == LATE_REGION, 8, 2) + random.integers(0, 3, count)
    delivered = shipped + days * DAY - random.integers(0, 5 * HOUR, count)
    log.add("Order Shipped", customer, shipped, "email")
    log.add("Order Delivered", customer, delivered, "post", days=days)
    reading, later = chosen(random, 0.12, count), delivered + random.integers(HOUR, 9 * DAY, count)
    log.add("Article Viewed", customer, later, "help", where=reading, article=CARE)
    return delivered


def _return_shoes(world: World, orders: Orders, delivered: Ints) -> tuple[Flags, Flags]:
    """One in six sends a wrong size back; after the size guide, one in twenty.

    Returns who sends shoes back, and who got no answer about it.
    """
    random, log = world.random, world.log
    customer, count = orders.customer, len(orders.customer)
    wrong_size = chosen(random, np.where(orders.guided, 0.05, 0.17), count)
    returning = wrong_size | chosen(random, 0.035, count)
    asked = delivered + DAY + random.integers(0, 6 * DAY, count)
    reading = returning & chosen(random, 0.5, count)
    log.add("Article Viewed", customer, asked - 1_200, "help", where=reading, article=SENDING_BACK)
    calling = np.flatnonzero(returning & chosen(random, 0.75, count))
    channel = habitual_channel(random, world.people.generation[customer[calling]])
    channel[chosen(random, 0.35, len(calling))] = PHONE
    topic = np.full(len(calling), words.RETURN, dtype=object)
    answers = ask(world, customer[calling], asked[calling], topic, channel)
    unheard = np.zeros(count, dtype=bool)
    unheard[calling] = ~answers.reached
    asked[calling] = answers.time
    log.add(
        "Order Refunded", customer, asked + 5 * DAY + random.integers(0, 6 * DAY, count), "post",
        where=returning & ~(unheard & chosen(random, 0.5, count)), total=orders.value,
        reason=either(wrong_size, "size", "not as expected"),
    )  # fmt: skip
    return returning, unheard


def _ask_where_it_is(world: World, customer: Ints, time: Ints) -> None:
    asking = customer[here := chosen(world.random, 0.07, len(customer))]
    topic = np.full(len(asking), words.ORDER_STATUS, dtype=object)
    if len(asking):
        ask(world, asking, time[here] + 2 * DAY + world.random.integers(0, 2 * DAY, len(asking)), topic)


def _wear_out(
    world: World, customer: Ints, delivered: Ints, returning: Flags, unheard: Flags
) -> tuple[Flags, Ints]:
    """Soles last two to nine months. Whoever got no answer about a return rarely comes back."""
    random = world.random
    count = len(customer)
    chance = 1 / (1 + np.exp(-(0.1 + 1.4 * world.people.loyalty[customer])))
    chance = np.where(unheard, 0.08, np.where(returning, chance * 0.75, chance))
    wear = np.clip(spread(random, count, 135, 0.45), 45, 290) * DAY
    return chosen(random, chance, count), world.calendar.at_web_hours(
        random, delivered + wear.astype(np.int64)
    )


def _ask_for_review(world: World, customer: Ints, delivered: Ints, happy: np.ndarray) -> None:
    """One week after delivery."""
    random, log = world.random, world.log
    count = len(customer)
    asked = delivered + 7 * DAY
    log.add("Review Requested", customer, asked, "email", source=SERVICE)
    rated = chosen(random, 0.2, count)
    score = np.clip(np.rint(8.1 + 1.3 * happy + random.standard_normal(count)), 0, 10).astype(np.int64)
    log.add(
        "Survey Answered",
        customer,
        asked + 5 * HOUR,
        "email",
        source=SERVICE,
        where=rated,
        survey="NPS",
        score=score,
    )
    posting = chosen(random, np.where(happy > 0.6, 0.34, 0.13), count)
    stars = np.clip(np.rint(4.1 + 0.7 * happy), 1, 5).astype(np.int64)
    log.add(
        "Review Posted", customer, asked + spread(random, count, 26 * HOUR, 0.9).astype(np.int64), "web",
        source=SERVICE, where=posting, rating=stars,
        text=words.texts(random, words.REVIEWS, world.people.language[customer]),
    )  # fmt: skip
    young = world.people.generation[customer] >= 3
    sharing = chosen(random, np.where(young, 0.09, 0.03) * np.where(happy > 0.6, 2.2, 0.6), count)
    log.add(
        "Product Shared", customer, asked + random.integers(DAY, 20 * DAY, count), INSTAGRAM, where=sharing,
        hashtag="#mafoulée",
    )  # fmt: skip


def _offer_referral(world: World, customer: Ints, delivered: Ints, happy: np.ndarray, again: Flags) -> None:
    """A code for a friend, offered to every other customer. It pleases those who would have come back anyway.

    The two groups hold the same share of people who order again: the code changes nothing, by construction.
    """
    random, log = world.random, world.log
    count = len(customer)
    offered = delivered + 10 * DAY
    entered = world.since(REFERRAL_FROM, offered)
    treated = entered & _every_other(random, again, entered)
    log.add(
        "Playbook Entered", customer, offered - 30, "email", source=SERVICE, where=entered, playbook=REFERRAL,
        group=either(treated, "treated", "holdout"),
    )  # fmt: skip
    log.add("Email Sent", customer, offered, "email", source=SERVICE, where=treated, playbook=REFERRAL)
    shares = treated & chosen(random, np.where(happy > 0.8, 0.42, 0.03), count)
    code: Texts = np.array([f"AMI-{number * 7919 % 100_000:05d}" for number in customer], dtype=object)
    shared = offered + spread(random, count, 2 * DAY, 0.8).astype(np.int64)
    log.add(
        "Referral Shared", customer, shared, "web", source=SERVICE, where=shares, code=code, discount="10 %"
    )
    log.add(
        "Referral Redeemed", customer, shared + random.integers(DAY, 30 * DAY, count), "web", source=SERVICE,
        where=shares & chosen(random, 0.22, count), code=code, by=pick(random, ("friend",), (1.0,), count),
    )  # fmt: skip


def _every_other(random: np.random.Generator, again: Flags, entered: Flags) -> Flags:
    """Half of those who come again and half of those who don't."""
    result = np.zeros(len(again), dtype=bool)
    for group in (again & entered, ~again & entered):
        members = random.permutation(np.flatnonzero(group))
        result[members[::2]] = True
    return result
