"""From the cart to the order, and where people leave in between.

Of all abandoned carts nearly half are left at the payment; the others at the cart itself, at one of the
addresses or where the delivery is chosen, in the proportions that surveys of shops report.
"""

from dataclasses import dataclass

import numpy as np

from parcours.demo.arrays import Flags, Floats, Ints, Texts, chosen, either
from parcours.demo.browsing import Shoppers
from parcours.demo.cart import Carts, fill_carts
from parcours.demo.second_thoughts import Leavers, come_back_to_cart
from parcours.demo.world import COUPON_FAILS, World

CAMPAIGN, CLUB = "COURSE15", "CLUB10"
BROKEN_BROWSER = "Safari"

_LEAVES_CART = 0.095
_STEPS = ((1, "delivery address", 0.055), (2, "delivery method", 0.105), (3, "billing address", 0.07))
"""Steps of the checkout before the payment, and the share of those who get there that leaves."""
_LEAVES_PAYMENT, _LEAVES_WHEN_LATE, _LEAVES_WHEN_DENIED = 0.3, 0.74, 0.85


@dataclass(frozen=True, slots=True)
class Orders:
    """Who ordered, when, and who had read the size guide."""

    customer: Ints
    time: Ints
    value: Floats
    guided: Flags


def check_out(world: World, shoppers: Shoppers, rank: Ints, serial: int) -> Orders:
    """Carts of these shoppers. `rank` counts the orders each has placed before, `serial` makes ids unique."""
    carts = fill_carts(world, shoppers, rank, serial)
    stays, time = _go_to_payment(world, carts)
    at_payment = stays.copy()
    denied, coupon = _try_coupon(world, carts, time, stays)
    stays, time = _pay(world, carts, time + 40, stays, denied)
    leavers = Leavers(carts, time, ~stays, upset=(carts.late & at_payment) | denied, denied=denied)
    back, back_time = come_back_to_cart(world, leavers)
    ordered = stays | back
    moment = np.where(back, back_time, time + 15)
    world.log.add(
        "Order Completed", carts.customer, moment, "web", where=ordered, order_id=carts.order_id,
        total=carts.value + carts.shipping, currency="EUR", order_rank=rank + 1, product=carts.product,
        coupon=either(denied, None, coupon), **carts.facts, **carts.costs,
    )  # fmt: skip
    return Orders(carts.customer[ordered], moment[ordered], carts.value[ordered], carts.guided[ordered])


def _go_to_payment(world: World, carts: Carts) -> tuple[Flags, Ints]:
    """Cart, checkout, addresses. Returns who is still there, and when."""
    random, log, count = world.random, world.log, len(carts)
    customer, facts, costs = carts.customer, carts.facts, carts.costs_shown_in_cart
    time, stays = carts.time, np.ones(count, dtype=bool)
    log.add("Product Added", customer, time, "web", product=carts.product, **facts)
    time = time + random.integers(20, 120, count)
    log.add("Cart Viewed", customer, time, "web", **facts, **costs)
    stays &= ~chosen(random, _LEAVES_CART, count)
    time = time + random.integers(15, 90, count)
    log.add("Checkout Started", customer, time, "web", where=stays, **facts, **costs)
    for step, title, leaves in _STEPS:
        said = {"step": step, "title": title, "cart_id": facts["cart_id"]}
        time = time + random.integers(10, 50, count)
        log.add("Checkout Step Viewed", customer, time, "web", where=stays, **said)
        # Whoever isn't told the cost of delivery has no reason to leave over it yet.
        stays &= ~chosen(random, np.where(carts.late & (step == 2), 0.03, leaves), count)
        time = time + random.integers(12, 70, count)
        log.add("Checkout Step Completed", customer, time, "web", where=stays, **said)
    return stays, time


def _try_coupon(world: World, carts: Carts, time: Ints, stays: Flags) -> tuple[Flags, Texts]:
    """Who was refused, and the code each one tried. For two weeks one browser mangles the campaign's code."""
    random, log, count = world.random, world.log, len(carts)
    first, last = (world.calendar.days_ago(days) for days in COUPON_FAILS)
    campaign = (time >= first) & (time < last)
    tried = stays & chosen(random, np.where(campaign, 0.75, 0.2), count)
    code = either(campaign, CAMPAIGN, CLUB)
    broken = campaign & (carts.facts["browser"] == BROKEN_BROWSER)
    denied = tried & chosen(random, np.where(broken, 0.96, 0.04), count)
    said = {"coupon": code, **carts.facts}
    reason = either(broken, "unknown code", "expired")
    log.add("Coupon Entered", carts.customer, time + 8, "web", where=tried, **said)
    log.add("Coupon Applied", carts.customer, time + 10, "web", where=tried & ~denied, **said)
    log.add("Coupon Denied", carts.customer, time + 10, "web", where=denied, reason=reason, **said)
    return denied, either(tried, code, None)


def _pay(world: World, carts: Carts, time: Ints, stays: Flags, denied: Flags) -> tuple[Flags, Ints]:
    """The payment page. Returns who pays, and when the others have left."""
    random, log, count = world.random, world.log, len(carts)
    facts = carts.facts
    said = {"step": 4, "title": "payment", **facts, **carts.costs}
    log.add("Checkout Step Viewed", carts.customer, time, "web", where=stays, **said)
    leaves = np.where(carts.late, _LEAVES_WHEN_LATE, np.where(denied, _LEAVES_WHEN_DENIED, _LEAVES_PAYMENT))
    pays = stays & ~chosen(random, leaves, count)
    # Some leave with the card in hand: refused, or a last thought about the price.
    gives_card = pays | (stays & chosen(random, np.where(carts.late, 0.1, 0.35), count))
    log.add("Payment Info Entered", carts.customer, time + 50, "web", where=gives_card, **facts)
    return pays, time + 60
