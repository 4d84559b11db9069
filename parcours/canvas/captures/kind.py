"""The proposal “the picture changed”: what it says, and what accepting it does."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.accounts.rights import Actor
from parcours.core.formats import share


class PictureChanged:
    label = gettext_lazy("The picture of a moment changed")
    icon = "picture"

    def title(self, facts: Mapping[str, Any]) -> str:
        return _("The shop looks different at “{card}”").format(card=facts.get("card", ""))

    def reason(self, facts: Mapping[str, Any]) -> str:
        if facts.get("share") is None:
            return _("The picture that was taken has another size than the one on the card.")
        return _("{share} of the picture changed since the one on the card.").format(
            share=share(float(facts["share"]))
        )

    def apply(
        self,
        journey_id: uuid.UUID,
        proposal: Any,
        edits: Mapping[str, Any] | None,  # noqa: ARG002
        acting_user: Actor,
    ) -> dict[str, Any]:
        """The new picture goes onto the card; the old one stays in the history."""
        from parcours.canvas.captures.writes import put_on_card

        revision = put_on_card(
            journey_id, proposal.card_id, uuid.UUID(proposal.facts["after"]), acting_user=acting_user
        )
        return {
            "card_picture": str(proposal.card_id),
            "before": proposal.facts["before"],
            "revision": revision,
        }

    def undo(self, journey_id: uuid.UUID, outcome: Mapping[str, Any], acting_user: Actor) -> None:
        from parcours.canvas.captures.writes import put_on_card

        put_on_card(
            journey_id,
            uuid.UUID(outcome["card_picture"]),
            uuid.UUID(outcome["before"]),
            acting_user=acting_user,
        )


KIND = PictureChanged()
