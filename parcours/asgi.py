import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parcours.settings")

_django: Any = get_asgi_application()

from parcours.api.chat.app import ADDRESS, visitor_streams  # noqa: E402 - needs Django to be set up
from parcours.api.chat.calls import CALLS, visitor_calls  # noqa: E402 - as above
from parcours.api.ingest.addresses import is_ingest  # noqa: E402 - as above
from parcours.api.ingest.app import Ingest  # noqa: E402

_ingest = Ingest()


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Tracking clients and visitors' pages have doors of their own; everything else is Django's."""
    if scope["type"] == "http" and is_ingest(scope["path"]):
        await _ingest(scope, receive, send)
    elif scope["type"] == "http" and scope["path"] == ADDRESS:
        await visitor_streams(scope, receive, send)
    elif scope["type"] == "http" and scope["path"] in CALLS:
        await visitor_calls(scope, receive, send)
    else:
        await _django(scope, receive, send)
