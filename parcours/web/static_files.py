"""Scripts, styles and pictures of our own pages."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.core.exceptions import MiddlewareNotUsed
from servestatic.middleware import ServeStaticMiddleware  # type: ignore[import-untyped]


class StaticFiles(ServeStaticMiddleware):  # type: ignore[misc]
    """Serves them in Django's asynchronous handler (`asgi.py` sends their addresses there) and stays out of
    the way of pages: it is asynchronous only, and each page would go through the loop and back for it.
    """

    sync_capable = True

    def __init__(self, get_response: Callable[..., Any]) -> None:
        if not iscoroutinefunction(get_response):
            raise MiddlewareNotUsed
        super().__init__(get_response)
