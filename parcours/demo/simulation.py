"""A year at Foulée, a shop for running shoes that doesn't exist: the same for the same day and seed.

Customers discover the shop, compare, fill carts, order, wear their shoes out and come back or don't. What
goes wrong on the way, and what helps, is planted in the other modules and told in `stories`.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from parcours.demo.afterwards import live_with
from parcours.demo.arrays import Ints
from parcours.demo.browsing import come_back, compare, discover
from parcours.demo.buying import check_out
from parcours.demo.log import Log
from parcours.demo.mark import become_mark, live_as_mark
from parcours.demo.population import Population, draw_population
from parcours.demo.rhythm import DAY, DAYS, Calendar
from parcours.demo.world import World

CUSTOMERS, REGULARS = 21_000, 1_800
SEED = 2026
_MOST_PAIRS = 5


@dataclass(frozen=True, slots=True)
class Simulation:
    """The customers (the last of them is Mark), what happened to them, and the year it happened in."""

    people: Population
    log: Log
    calendar: Calendar


def simulate(today: date, *, seed: int = SEED, customers: int = CUSTOMERS) -> Simulation:
    """The twelve months before `today`; its first moment, in Paris, is the end of the log."""
    random = np.random.default_rng([seed, today.toordinal()])
    calendar = Calendar.until(today)
    regulars = REGULARS * customers // CUSTOMERS
    people = draw_population(random, customers + 1, regulars)
    mark = customers
    become_mark(people, mark)
    world = World(random, calendar, people, Log(calendar.start, calendar.end))
    rank = people.regular.astype(np.int64)

    newcomers = np.arange(regulars, customers)
    first_day = calendar.draw_days(random, len(newcomers))
    customer, time = discover(world, newcomers, calendar.at_web_hours(random, first_day))
    customer, time = _one_pair(world, customer, time, rank, serial=1, cart_chance=0.44)
    customer, time = _with_regulars(world, regulars, customer, time)
    for pair in range(1, _MOST_PAIRS):
        come_back(world, customer, time)
        customer, time = _one_pair(world, customer, time, rank, serial=1 + pair * 100_000, cart_chance=0.66)
        if not len(customer):
            break
    live_as_mark(world, mark)
    return Simulation(people, world.log, calendar)


def _one_pair(
    world: World, customer: Ints, time: Ints, rank: Ints, *, serial: int, cart_chance: float
) -> tuple[Ints, Ints]:
    """From comparing to worn-out soles. Returns who comes for another pair, and when."""
    shoppers = compare(world, customer, time, cart_chance=cart_chance)
    orders = check_out(world, shoppers, rank[shoppers.customer], serial)
    rank[orders.customer] += 1
    again, when = live_with(world, orders)
    still_here = when < world.calendar.end
    return again[still_here], when[still_here]


def _with_regulars(world: World, regulars: int, customer: Ints, time: Ints) -> tuple[Ints, Ints]:
    """Customers from before come back at any time of the year."""
    days: Ints = world.random.integers(0, DAYS, regulars)
    visits = world.calendar.at_web_hours(world.random, world.calendar.start + days * DAY)
    return np.concatenate([np.arange(regulars), customer]), np.concatenate([visits, time])


def active(simulation: Simulation) -> Ints:
    """Customers of whom the log tells anything."""
    return np.unique(simulation.log.customer)
