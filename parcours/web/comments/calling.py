"""Who can be called by @, for the list under a field of `frame/mentions.ts`."""

import uuid

from django.http import JsonResponse

from parcours.canvas.comments.mentions import colleagues


def people_to_call(brand_id: uuid.UUID) -> JsonResponse:
    """What is shown of each, and what is written: the name, or the address where two have the same name."""
    found = colleagues(brand_id)
    labels = [each.label.casefold() for each in found]
    return JsonResponse(
        {
            "people": [
                {
                    "label": each.label,
                    "email": each.email,
                    "writes": each.label if labels.count(each.label.casefold()) == 1 else each.email,
                }
                for each in found
            ]
        }
    )
