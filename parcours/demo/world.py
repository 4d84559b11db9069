"""What every part of the simulation shares, and the dates between which each planted cause was at work."""

from dataclasses import dataclass

from parcours.demo.arrays import Flags, Ints, Random
from parcours.demo.log import Log
from parcours.demo.population import Population
from parcours.demo.rhythm import CAMPAIGN, Calendar

LATE_SHIPPING_FROM = 170
COUPON_FAILS = CAMPAIGN
IVR_DEAD_END_FROM = 150
CART_MAIL_FROM = 270
REFERRAL_FROM = 330
"""Days before today. The slow Instagram inbox and the size guide are there all year."""


@dataclass(frozen=True, slots=True)
class World:
    random: Random
    calendar: Calendar
    people: Population
    log: Log

    def since(self, days_ago: float, moments: Ints) -> Flags:
        """Which moments lie after the day that was so many days ago?"""
        return moments >= self.calendar.days_ago(days_ago)
