"""Why a page could not be photographed, as the code and facts that are stored."""

from parcours.canvas.captures.enums import Trouble

WORTH_ANOTHER_TRY = frozenset({Trouble.CRASHED, Trouble.NO_ANSWER, Trouble.TOO_LONG, Trouble.NO_SUCH_HOST})
"""What may be gone in a minute without anybody doing anything."""


class NoPicture(Exception):  # noqa: N818 - reads as a sentence where it is raised
    def __init__(self, trouble: Trouble, **facts: str | int) -> None:
        super().__init__(trouble, facts)
        self.trouble = trouble
        self.facts = facts

    @property
    def may_pass(self) -> bool:
        """Is another try worth it, without anybody changing anything?"""
        status = int(self.facts.get("status", 0))
        return self.trouble in WORTH_ANOTHER_TRY or status in {408, 425, 429} or status >= 500
