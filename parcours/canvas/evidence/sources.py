"""Where evidence comes from: groups of events, and the properties in which customers' own words stand."""

from collections.abc import Iterable, Mapping

from parcours.canvas.evidence.enums import Source
from parcours.core.rules import Rule

EVENTS_OF: Mapping[str, frozenset[str]] = {
    Source.CONVERSATIONS: frozenset(
        {
            "Conversation Started", "Conversation Resolved", "Conversation Reopened", "Message Received",
            "Message Sent", "Bot Answered", "Bot Handed Over", "Call Started", "Call Menu Chosen",
            "Call Answered", "Call Abandoned", "Call Ended", "Callback Requested", "Callback Done",
            "Help Accepted", "Help Dismissed",
        }
    ),
    Source.SEARCHES: frozenset({"Products Searched", "Article Searched"}),
    Source.FEEDBACK: frozenset(
        {
            "Survey Answered", "Review Posted", "Product Reviewed", "Complaint Filed", "Letter Received",
            "Post Published", "Article Rated",
        }
    ),
}  # fmt: skip

WORDS_OF: Mapping[str, tuple[str, ...]] = {
    "Message Received": ("text",),
    "Conversation Started": ("text", "message"),
    "Products Searched": ("query",),
    "Article Searched": ("query",),
    "Survey Answered": ("comment", "text"),
    "Review Posted": ("text",),
    "Product Reviewed": ("review_body",),
    "Complaint Filed": ("text",),
    "Letter Received": ("text",),
    "Post Published": ("text",),
    "Product Shared": ("share_message", "text"),
}
"""What customers themselves say in an event; what agents and bots say is nobody's evidence."""


def belongs(source: str, name: str) -> bool:
    """Is an event with this name one of the source's? All others are plain events."""
    if source in EVENTS_OF:
        return name in EVENTS_OF[source]
    return not any(name in names for names in EVENTS_OF.values())


def source_of(names: Iterable[str]) -> str:
    """The source that holds all of these events; plain events when none does."""
    wanted = set(names)
    fitting = (source for source, known in EVENTS_OF.items() if wanted and wanted <= known)
    return next(fitting, Source.EVENTS)


def names_in(rule: Rule) -> tuple[str, ...]:
    """The names that a rule asks for, where it says them outright."""
    return tuple(
        name
        for condition in rule.conditions
        if condition.field == "name" and condition.op == "is"
        for name in condition.values
    )
