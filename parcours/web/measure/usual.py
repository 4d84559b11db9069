"""What the pages of Measure ask when nobody has said: the events that most shops have."""

from collections.abc import Sequence

BOUGHT = ("Order Completed",)
BEFORE_BUYING = ("Checkout Started", "Cart Viewed", "Product Added", "Product Viewed")
FIRST_LOOKS = ("Product Viewed", "Page Viewed")
WINDOW = "7d"
LOOKBACK = "30d"


def first_of(wanted: Sequence[str], choices: Sequence[tuple[str, str]]) -> str:
    """The first that there is; nothing when there is none."""
    known = {key for key, _label in choices}
    return next((name for name in wanted if name in known), "")


def chosen(given: str, wanted: Sequence[str], choices: Sequence[tuple[str, str]]) -> str:
    """What the address says, where that is a choice; else what is usual."""
    return given if given in {key for key, _label in choices} else first_of(wanted, choices)
