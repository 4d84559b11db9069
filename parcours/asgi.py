import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parcours.settings")

_django: Any = get_asgi_application()

from parcours.api.chat.app import ADDRESS, visitor_streams  # noqa: E402 - needs Django to be set up
from parcours.api.chat.calls import CALLS, visitor_calls  # noqa: E402 - as above
from parcours.api.ingest.addresses import is_ingest  # noqa: E402 - as above
from parcours.api.ingest.app import Ingest  # noqa: E402 - as above
from parcours.web.one_thread import InOneThread  # noqa: E402 - as above

_ingest = Ingest()
_pages = InOneThread()
_STREAMED = ("/live", "/static/")


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Tracking clients and visitors' pages have doors of their own; what streams is for Django's handler,
    every other page for the one that needs a single thread.
    """
    path = scope.get("path", "")
    if scope["type"] != "http" or path.startswith(_STREAMED):
        await _django(scope, receive, send)
    elif is_ingest(path):
        await _ingest(scope, receive, send)
    elif path == ADDRESS:
        await visitor_streams(scope, receive, send)
    elif path in CALLS:
        await visitor_calls(scope, receive, send)
    else:
        await _pages(scope, receive, send)
