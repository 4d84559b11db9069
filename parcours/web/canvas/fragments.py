from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict


def wants_fragment(request: HttpRequest) -> bool:
    """Does a script ask, to put the answer into its page? A browser that goes there wants a whole one.

    Browsers say so over safe connections only; elsewhere a page is what is asked for as HTML by name.
    """
    if request.headers.get("HX-Request") == "true":
        return True
    mode = request.headers.get("Sec-Fetch-Mode")
    return "text/html" not in request.headers.get("Accept", "") if mode is None else mode != "navigate"


def query_of_page(request: HttpRequest) -> QueryDict:
    """What stands in the address of the page that asks for a fragment: its filters."""
    return QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")).query)


def from_board(request: HttpRequest) -> bool:
    """Does the map's own script ask, which draws anew by itself, rather than a form of a page?"""
    return request.headers.get("HX-Request") == "true"
