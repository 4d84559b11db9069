"""Numbers that pages of Parcours show, as evidence: who is behind one, asked again whenever it is counted."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.core.errors import BadInput, NotFound
from parcours.core.registry import asked_customers
from parcours.web.doors import Request

Int64s = npt.NDArray[np.int64]
MEASURE, PATHS = "measure", "paths"
SCOPE = ("period", "from", "to", "segment")
NOT_ASKED = frozenset({*SCOPE, "page", "as", "now", "steps", "path"})


def register() -> None:
    asked_customers.register(MEASURE, of_measure)
    asked_customers.register(PATHS, of_paths)


def of_measure(brand: Brand, asked: Mapping[str, Any]) -> tuple[Int64s, Int64s]:
    """The customers behind a number of Measure. Raises NotFound, BadInput."""
    from parcours.web.measure.asked import read_asked
    from parcours.web.measure.customers import whose

    request = _asking(brand, asked)
    _title, found = whose(read_asked(request, by_event=True), request.GET)
    ids: Int64s = np.asarray(found.log.customers.to_numpy(zero_copy_only=False))[found.positions]
    return ids, np.asarray(found.log.time)[found.log.offsets[found.positions + 1] - 1]


def of_paths(brand: Brand, asked: Mapping[str, Any]) -> tuple[Int64s, Int64s]:
    """The customers behind a number of a map: by what ends their path. Raises NotFound, BadInput."""
    import uuid

    from parcours.insights.reads import paths_behind
    from parcours.web.insights.asked import read_asked

    request = _asking(brand, asked)
    try:
        journey, stage = uuid.UUID(str(asked.get("journey"))), uuid.UUID(str(asked.get("stage")))
    except ValueError as error:
        raise NotFound(_("There is no such journey.")) from error
    read = read_asked(request, journey, stage)
    filters = read.filters
    found = paths_behind(brand, read.board.stages, read.target(), filters.period, filters.segment)
    return found.ids, np.asarray(found.scope.events.time)[found.left]


def asked_at(address: str) -> dict[str, str]:
    """What an address of Parcours asks for, without its filters. Raises BadInput when it shows nobody."""
    path, _mark, query = address.partition("?")
    try:
        match = resolve(path)
    except Resolver404 as error:
        raise _nobody() from error
    words = QueryDict(query, mutable=True)
    for name in NOT_ASKED:
        words.pop(name, None)
    if match.url_name == "measure_customers":
        return {"place": MEASURE, "query": words.urlencode()}
    if match.url_name == "map_paths":
        journey, stage = str(match.kwargs["journey_id"]), str(match.kwargs["stage_id"])
        return {"place": PATHS, "journey": journey, "stage": stage, "query": words.urlencode()}
    raise _nobody()


def title_of(brand: Brand, address: str) -> str:
    """What a page says its customers are."""
    request = asking(brand, address.partition("?")[2])
    asked = asked_at(address)
    if asked["place"] == MEASURE:
        from parcours.web.measure.asked import read_asked
        from parcours.web.measure.customers import whose

        return whose(read_asked(request, by_event=True), request.GET)[0]
    from parcours.web.insights.sentences import about

    return about(request, asked["journey"], asked["stage"])


def asking(brand: Brand, query: str) -> Request:
    """A request as the pages read it: the words of an address, and the brand."""
    request = Request()
    request.GET = QueryDict(query)
    request.brand = brand
    return request


def _asking(brand: Brand, asked: Mapping[str, Any]) -> Request:
    words = QueryDict(str(asked.get("query", "")), mutable=True)
    words.update({key: value for key, value in dict(asked.get("period") or {}).items() if value})
    if asked.get("segment"):
        words["segment"] = str(asked["segment"])
    return asking(brand, words.urlencode())


def _nobody() -> BadInput:
    return BadInput(
        _("This address shows no customers."), where="from", remedy=_("Attach a number from its own page.")
    )
