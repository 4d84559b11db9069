"""How tracking clients are pointed here: what to write in each of them."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KEY = "WRITE_KEY"


@dataclass(frozen=True, slots=True)
class Way:
    """One client. `code` holds {url}, {host} and {key}."""

    name: str | Promise
    code: str


_WAYS = (
    Way(
        _("A website, with Parcours' own script"),
        '<script async src="{url}/widget.js" data-key="{key}"></script>',
    ),
    Way(
        "Segment · analytics-next",
        'import {{ AnalyticsBrowser }} from "@segment/analytics-next";\n'
        'AnalyticsBrowser.load({{ writeKey: "{key}", cdnURL: "{url}" }}, {{\n'
        '  integrations: {{ "Segment.io": {{ apiHost: "{host}/v1", protocol: "{scheme}" }} }},\n}});',
    ),
    Way("Segment · Node", 'new Analytics({{ writeKey: "{key}", host: "{url}" }});'),
    Way("Segment · Python", 'analytics.write_key = "{key}"\nanalytics.host = "{url}"'),
    Way("RudderStack · Node", 'new RudderAnalytics("{key}", {{ dataPlaneUrl: "{url}" }});'),
    Way("RudderStack · Python", 'analytics.write_key = "{key}"\nanalytics.dataPlaneUrl = "{url}"'),
    Way("PostHog · Node", 'new PostHog("{key}", {{ host: "{url}" }});'),
    Way("PostHog · Python", 'Posthog("{key}", host="{url}")'),
    Way(
        _("Anything else, over HTTP"),
        "curl {url}/v1/track -u {key}: -H 'Content-Type: application/json' \\\n"
        """  -d '{{"userId": "7", "event": "Order Completed", "properties": {{"total": 129.9}}}}'""",
    ),
)


@lru_cache(maxsize=8)
def ways_to_connect(url: str, key: str = KEY) -> tuple[Way, ...]:
    """Every way with this installation's address and a write key in it."""
    scheme, host = url.split("://", 1)
    return tuple(Way(way.name, way.code.format(url=url, host=host, scheme=scheme, key=key)) for way in _WAYS)
