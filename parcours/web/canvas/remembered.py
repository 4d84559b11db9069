"""How a person left a map in this browser. Cookies say it, so that the page is drawn right from the start."""

import uuid

from django.http import HttpRequest

FOLDED = "parcours_folded"
"""Ids of the folded rows, with dots between them; written by `frontend/board/fold.ts` for one map."""

ZOOM = "parcours_zoom"
"""Percent, written by `frontend/board/zoom.ts`."""

FIRST_STEPS = "parcours_first_steps"
"""Set once somebody hid the first steps; written by `frontend/board/firststeps.ts`."""

STEP, LEAST, MOST = 5, 50, 150


def folded(request: HttpRequest) -> frozenset[uuid.UUID]:
    return frozenset(filter(None, map(_id, request.COOKIES.get(FOLDED, "").split("."))))


def hid_first_steps(request: HttpRequest) -> bool:
    return FIRST_STEPS in request.COOKIES


def zoom(request: HttpRequest) -> int:
    """In percent, a multiple of 5 from 50 to 150."""
    text = request.COOKIES.get(ZOOM, "")
    percent = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 100
    return max(LEAST, min(MOST, percent // STEP * STEP))


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
