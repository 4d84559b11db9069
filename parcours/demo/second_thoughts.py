"""Who comes back to an abandoned cart: by themselves, after a question, or after the mail of the playbook."""

from dataclasses import dataclass

import numpy as np

from parcours.demo import words
from parcours.demo.arrays import Flags, Floats, Ints, chosen, either, pick
from parcours.demo.cart import Carts
from parcours.demo.log import SERVICE
from parcours.demo.rhythm import HOUR, spread
from parcours.demo.service import CHAT, EMAIL, PHONE, WHATSAPP, ask
from parcours.demo.world import CART_MAIL_FROM, World

CART_MAIL = "Abandoned cart"
TREATED, HOLDOUT = "treated", "holdout"


@dataclass(frozen=True, slots=True)
class Leavers:
    """`left` marks the carts that were abandoned, at `time`; `upset` those whose owners were surprised."""

    carts: Carts
    time: Ints
    left: Flags
    upset: Flags
    denied: Flags


def come_back_to_cart(world: World, leavers: Leavers) -> tuple[Flags, Ints]:
    """Who comes back and orders, and when."""
    random, carts = world.random, leavers.carts
    count = len(carts)
    chance = np.full(count, 0.05)
    moment = leavers.time + spread(random, count, 20 * HOUR, 0.7).astype(np.int64)
    _ask_why(world, leavers, chance, moment)
    _send_cart_mail(world, leavers, chance, moment)
    chance[carts.late] *= 0.4
    chance[leavers.denied] *= 0.6
    back = leavers.left & chosen(random, chance, count)
    world.log.add(
        "Cart Viewed", carts.customer, moment - 240, "web", where=back, **carts.facts, **carts.costs
    )
    world.log.add("Payment Info Entered", carts.customer, moment - 60, "web", where=back, **carts.facts)
    return back, moment


def _ask_why(world: World, leavers: Leavers, chance: Floats, moment: Ints) -> None:
    """Some write or call; a good answer sells."""
    random, carts = world.random, leavers.carts
    asking = np.flatnonzero(leavers.left & chosen(random, np.where(leavers.upset, 0.34, 0.08), len(carts)))
    if not len(asking):
        return
    late, denied = carts.late[asking], leavers.denied[asking]
    topic = either(late, words.SHIPPING, np.where(denied, words.COUPON, words.PAYMENT))
    channel = pick(random, (CHAT, PHONE, EMAIL, WHATSAPP), (0.45, 0.2, 0.25, 0.1), len(asking))
    answers = ask(world, carts.customer[asking], leavers.time[asking] + 240, topic, channel)
    chance[asking] = np.where(answers.reached, np.where(late, 0.06, 0.25), 0.05)
    moment[asking] = np.maximum(moment[asking], answers.time + 400)


def _send_cart_mail(world: World, leavers: Leavers, chance: Floats, moment: Ints) -> None:
    """The playbook: within three hours, to past customers and people who agreed; one in four is held out."""
    random, log, carts = world.random, world.log, leavers.carts
    count = len(carts)
    may_write = world.people.opted_in[carts.customer] | (carts.rank > 0)
    entered = leavers.left & may_write & world.since(CART_MAIL_FROM, leavers.time)
    treated = entered & chosen(random, 0.75, count)
    sent = leavers.time + 2 * HOUR + random.integers(0, 3_000, count)
    said = {"playbook": CART_MAIL, "cart_id": carts.facts["cart_id"]}
    group = either(treated, TREATED, HOLDOUT)
    customer = carts.customer
    log.add(
        "Playbook Entered", customer, sent - 30, "email", source=SERVICE, where=entered, group=group, **said
    )
    log.add("Email Sent", customer, sent, "email", source=SERVICE, where=treated, **said)
    clicked = treated & chosen(random, 0.2, count)
    click = sent + spread(random, count, 2 * HOUR, 0.8).astype(np.int64)
    log.add("Email Clicked", customer, click, "email", source=SERVICE, where=clicked, **said)
    chance[entered] += 0.03
    chance[treated & ~clicked] += 0.09
    chance[clicked] += 0.4
    moment[clicked] = np.maximum(click[clicked] + 300, moment[clicked] - 12 * HOUR)
