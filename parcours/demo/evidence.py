"""For each story the plain comparison that shows it, and one that shows nothing: two groups, two outcomes."""

from collections.abc import Callable
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np

from parcours.demo.afterwards import REFERRAL
from parcours.demo.arrays import Flags, Ints, Texts
from parcours.demo.browsing import OTHER_ARTICLES, SIZE_GUIDE
from parcours.demo.buying import BROKEN_BROWSER
from parcours.demo.population import LATE_REGION, MILLENNIALS, Z
from parcours.demo.rhythm import DAY
from parcours.demo.second_thoughts import CART_MAIL, TREATED
from parcours.demo.service import CHAT, INSTAGRAM, MENU_RETURN
from parcours.demo.simulation import Simulation
from parcours.demo.words import ADVICE, DELAY, SIZE
from parcours.demo.world import COUPON_FAILS, IVR_DEAD_END_FROM, LATE_SHIPPING_FROM


@dataclass(frozen=True, slots=True)
class TwoByTwo:
    """How many of each group had the outcome, and how many there are."""

    with_cause: int
    of_cause: int
    without_cause: int
    of_others: int

    @property
    def shares(self) -> tuple[float, float]:
        return self.with_cause / max(self.of_cause, 1), self.without_cause / max(self.of_others, 1)

    @property
    def p(self) -> float:
        """Pearson's chi-squared with one degree of freedom and Yates' correction."""
        a, c = self.with_cause, self.without_cause
        b, d = self.of_cause - a, self.of_others - c
        margins = (a + b) * (c + d) * (a + c) * (b + d)
        if not margins:
            return 1.0
        total = a + b + c + d
        return erfc(sqrt(total * max(0.0, abs(a * d - b * c) - total / 2) ** 2 / margins / 2))


@dataclass(frozen=True, slots=True)
class Evidence:
    shown: TwoByTwo
    control: TwoByTwo


def _compare(outcome: Flags, group: Flags, among: Flags) -> TwoByTwo:
    inside, outside = group & among, ~group & among
    return TwoByTwo(
        int((outcome & inside).sum()), int(inside.sum()), int((outcome & outside).sum()), int(outside.sum())
    )


@dataclass(frozen=True, slots=True)
class _Carts:
    """One entry a cart that was filled in the log."""

    id: Texts
    time: Ints
    region: Texts
    browser: Texts
    ordered: Flags
    paying: Flags
    coupon: Flags


def _carts(told: Simulation) -> _Carts:
    log = told.log
    ids, filled = log.column("cart_id"), log.name == "Product Added"

    def having(events: Flags) -> Flags:
        return np.isin(ids[filled].astype(str), ids[events].astype(str))

    return _Carts(
        ids[filled],
        log.time[filled],
        log.column("region")[filled],
        log.column("browser")[filled],
        ordered=having(log.name == "Order Completed"),
        paying=having((log.name == "Checkout Step Viewed") & (log.column("step") == 4)),
        coupon=having(log.name == "Coupon Entered"),
    )


def late_shipping_cost(told: Simulation) -> Evidence:
    """Orders of carts that reached the payment: La Réunion against elsewhere. Control: before the change."""
    carts = _carts(told)
    after = carts.time >= told.calendar.days_ago(LATE_SHIPPING_FROM)
    there = carts.region == LATE_REGION
    return Evidence(
        _compare(carts.ordered, there, carts.paying & after),
        _compare(carts.ordered, there, carts.paying & ~after),
    )


def coupon_on_safari(told: Simulation) -> Evidence:
    """Orders of carts with a code: Safari against other browsers; outside of the two weeks for control."""
    carts = _carts(told)
    first, last = (told.calendar.days_ago(days) for days in COUPON_FAILS)
    during = (carts.time >= first) & (carts.time < last)
    safari = carts.browser == BROKEN_BROWSER
    return Evidence(
        _compare(carts.ordered, safari, carts.coupon & during),
        _compare(carts.ordered, safari, carts.coupon & ~during),
    )


def phone_dead_end(told: Simulation) -> Evidence:
    """Calls that reach a person: the menu of returns against the others; before the change for control."""
    log = told.log
    calls = log.name == "Call Ended"
    returns, answered = log.column("menu")[calls] == MENU_RETURN, log.column("outcome")[calls] == "answered"
    after = log.time[calls] >= told.calendar.days_ago(IVR_DEAD_END_FROM)
    return Evidence(_compare(answered, returns, after), _compare(answered, returns, ~after))


def slow_instagram(told: Simulation) -> Evidence:
    """Orders within two weeks of a question: Instagram against chat, in generation Z.

    Control: generation Z against Millennials, both in the chat.
    """
    log = told.log
    asked = (log.name == "Conversation Started") & np.isin(
        log.column("topic").astype(str), (ADVICE, SIZE, DELAY)
    )
    customer, time, channel = log.customer[asked], log.time[asked], log.channel[asked]
    bought = log.name == "Order Completed"
    ordered = np.zeros(len(customer), dtype=bool)
    for buyer, moment in zip(log.customer[bought].tolist(), log.time[bought].tolist(), strict=True):
        ordered |= (customer == buyer) & (moment > time) & (moment < time + 14 * DAY)
    generation = told.people.generation[customer]
    return Evidence(
        _compare(
            ordered, channel == INSTAGRAM, np.isin(channel.astype(str), (INSTAGRAM, CHAT)) & (generation == Z)
        ),
        _compare(
            ordered, generation == Z, (channel == CHAT) & ((generation == Z) | (generation == MILLENNIALS))
        ),
    )


def cart_mail(told: Simulation) -> Evidence:
    """Orders of abandoned carts: mailed against held out; how many had reached the payment for control."""
    log, carts = told.log, _carts(told)
    entered = (log.name == "Playbook Entered") & (log.column("playbook") == CART_MAIL)
    ids = log.column("cart_id")[entered].astype(str)
    treated = log.column("group")[entered] == TREATED
    everybody = np.ones(len(ids), dtype=bool)
    return Evidence(
        _compare(np.isin(ids, carts.id[carts.ordered].astype(str)), treated, everybody),
        _compare(np.isin(ids, carts.id[carts.paying].astype(str)), treated, everybody),
    )


def referral_code(told: Simulation) -> Evidence:
    """Later orders: offered against held out. The control is the comparison that misleads, by sharing."""
    log = told.log
    entered = (log.name == "Playbook Entered") & (log.column("playbook") == REFERRAL)
    customer, time = log.customer[entered], log.time[entered]
    treated = log.column("group")[entered] == TREATED
    bought = log.name == "Order Completed"
    last_order = np.zeros(len(told.people), dtype=np.int64)
    np.maximum.at(last_order, log.customer[bought], log.time[bought])
    again = last_order[customer] > time
    shares = np.isin(customer, log.customer[log.name == "Referral Shared"])
    return Evidence(
        _compare(again, treated, np.ones(len(customer), dtype=bool)), _compare(again, shares, treated)
    )


def size_guide(told: Simulation) -> Evidence:
    """Pairs sent back for their size: readers of the guide against others. Control: other articles."""
    log, count = told.log, len(told.people)

    def people_with(events: Flags) -> Flags:
        result = np.zeros(count, dtype=bool)
        result[log.customer[events]] = True
        return result

    article = log.column("article")
    delivered = people_with(log.name == "Order Delivered") & ~told.people.regular
    sent_back = people_with((log.name == "Order Refunded") & (log.column("reason") == "size"))
    readers = people_with(article == SIZE_GUIDE)
    elsewhere = people_with(np.isin(article.astype(str), OTHER_ARTICLES))
    return Evidence(
        _compare(sent_back, readers, delivered), _compare(sent_back, elsewhere, delivered & ~readers)
    )


EVIDENCE: dict[str, Callable[[Simulation], Evidence]] = {
    "late-shipping-cost": late_shipping_cost,
    "coupon-on-safari": coupon_on_safari,
    "phone-dead-end": phone_dead_end,
    "slow-instagram": slow_instagram,
    "cart-mail": cart_mail,
    "referral-code": referral_code,
    "size-guide": size_guide,
}
