"""What concerns only whoever follows at this moment: it is sent by NOTIFY alone, nothing of it is kept."""

import json
import uuid
from typing import Any

from django.db import connection

from parcours.live.presence import CHANNEL


def tell_passing(brand_id: uuid.UUID, topic: str, name: str, data: dict[str, Any]) -> None:
    """Somebody types, for instance. `data` must stay small: PostgreSQL carries less than 8 kB."""
    message = {"brand": str(brand_id), "topic": topic, "name": name, "data": data}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(message)])
