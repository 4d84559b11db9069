"""The addresses that tracking clients post to."""

from typing import Final

_NAMES = {
    "identify": "identify", "i": "identify",
    "track": "track", "t": "track",
    "page": "page", "p": "page",
    "screen": "screen", "s": "screen",
    "group": "group", "g": "group",
    "alias": "alias", "a": "alias",
    "batch": "", "b": "", "import": "",
}  # fmt: skip

MESSAGE_TYPES: Final[dict[str, str]] = {
    **{f"/v1/{name}": message_type for name, message_type in _NAMES.items()},
    **{f"/v1/{name}/": message_type for name, message_type in _NAMES.items()},
    "/batch": "",
    "/batch/": "",
    "/capture": "",
    "/capture/": "",
}
"""Address → the type of a message that doesn't say its own; empty where every message says it."""

_SETTINGS = ("/v1/projects/", "/settings")


def is_ingest(path: str) -> bool:
    return path in MESSAGE_TYPES or path.startswith("/v1/")


def key_of_settings(path: str) -> str:
    """The write key whose settings a browser's client asks for; empty for any other address."""
    before, after = _SETTINGS
    if path.startswith(before) and path.endswith(after):
        return path[len(before) : -len(after)]
    return ""
