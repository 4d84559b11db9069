"""When somebody answers at Foulée, and by when customers are to be answered."""

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.demo.rhythm import CLOSES, OPENS, PARIS
from parcours.demo.said import Said, language_here
from parcours.inbox.hours.reads import all_hours
from parcours.inbox.hours.writes import HoursForm, save_hours
from parcours.inbox.targets.reads import targets
from parcours.inbox.targets.recounting import count_due
from parcours.inbox.targets.writes import TargetForm, save_target

HOURS = Said("Customer service", "Service client")
_A_DAY = (f"{OPENS // 3600:02d}:00", f"{CLOSES // 3600:02d}:00")
_WEEK = [*[[_A_DAY]] * 6, []]

CHAT = Said("Live chat", "Chat en direct")
URGENT = Said("Urgent", "Urgent")
WRITTEN = Said("Everything else", "Tout le reste")


def set_hours_and_targets(brand: Brand, *, acting_user: Actor) -> None:
    """The hours of the lines, with the holidays of France; what somebody has changed stays."""
    if all_hours(brand.pk) or targets(brand.pk):
        return
    language = language_here()
    hours = HoursForm(HOURS.in_language(language), str(PARIS), _WEEK, country="FR", is_default=True)
    save_hours(brand, hours, acting_user=acting_user)
    for form in (
        TargetForm(CHAT.in_language(language), 2, 3, 60, {"kind": ["chat"]}),
        TargetForm(URGENT.in_language(language), 30, 60, 240, {"priority": ["1"]}),
        TargetForm(WRITTEN.in_language(language), 120, 240, 2 * 24 * 60),
    ):
        save_target(brand, form, acting_user=acting_user)
    count_due(brand.pk)  # at once and without a word, so that nobody is told of what was late before
