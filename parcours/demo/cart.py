"""A batch of carts, and what the shop records with each of their events."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from parcours.demo.arrays import Flags, Floats, Ints, Texts, chosen, either
from parcours.demo.browsing import Shoppers
from parcours.demo.population import LATE_REGION
from parcours.demo.world import LATE_SHIPPING_FROM, World

_USUAL_SHIPPING = 4.9
_SHIPPING = {
    LATE_REGION: 14.9,
    "Guadeloupe": 14.9,
    "Martinique": 14.9,
    "Corse": 6.9,
    "Wallonie": 6.9,
    "Bruxelles-Capitale": 6.9,
    "Vlaanderen": 6.9,
    "Vaud": 9.9,
    "Genève": 9.9,
    "Zürich": 9.9,
}
_SOCKS = 14.0


@dataclass(frozen=True, slots=True)
class Carts:
    """One entry a cart. `rank` counts the orders its customer has placed before."""

    customer: Ints
    time: Ints
    product: Texts
    value: Floats
    shipping: Floats
    late: Flags
    """Is the shipping cost kept back until the payment?"""
    rank: Ints
    guided: Flags
    order_id: Texts
    facts: dict[str, Any]

    def __len__(self) -> int:
        return len(self.customer)

    @property
    def costs(self) -> dict[str, Any]:
        return {"value": self.value, "shipping_cost": self.shipping}

    @property
    def costs_shown_in_cart(self) -> dict[str, Any]:
        return {"value": self.value, "shipping_cost": either(self.late, None, self.shipping)}


def fill_carts(world: World, shoppers: Shoppers, rank: Ints, serial: int) -> Carts:
    """`serial` is the number of the first cart."""
    people, customer = world.people, shoppers.customer
    region = people.region[customer]
    late = (region == LATE_REGION) & world.since(LATE_SHIPPING_FROM, shoppers.time)
    numbers = range(serial, serial + len(customer))
    socks = np.where(chosen(world.random, 0.22, len(customer)), _SOCKS, 0.0)
    return Carts(
        customer=customer,
        time=shoppers.time,
        product=shoppers.product,
        value=np.round(shoppers.price + socks, 2),
        shipping=np.array([_SHIPPING.get(name, _USUAL_SHIPPING) for name in region]),
        late=late,
        rank=rank,
        guided=shoppers.guided,
        order_id=np.array([f"FO-{number:06d}" for number in numbers], dtype=object),
        facts={
            "cart_id": np.array([f"K{number:06d}" for number in numbers], dtype=object),
            "region": region,
            "country": people.country[customer],
            "device": people.device[customer],
            "browser": people.browser[customer],
            "shipping_shown_at": either(late, "payment", "cart"),
        },
    )
