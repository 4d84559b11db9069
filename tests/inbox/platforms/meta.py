"""Meta's Graph API as strict as Meta's: paths, versions, tokens, shapes and windows; and its signed calls."""

import hmac
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

TOKEN = "EAAG-token"
APP_SECRET = "app secret of the test"
VERSION = "v24.0"


class Graph:
    """`sent` are the messages that were taken; `errors` are answered first, one a call."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.errors: list[tuple[int, dict[str, Any]]] = []
        self.media: dict[str, bytes] = {}
        self.uploads: list[tuple[str, bytes]] = []
        self.posts: dict[str, list[dict[str, Any]]] = {}
        self.conversations: dict[str, list[dict[str, Any]]] = {}
        self.commented: dict[str, list[dict[str, Any]]] = {}
        self.subscribed: list[str] = []
        self.on_sent: Callable[[str, dict[str, Any]], None] = lambda _name, _data: None
        self.url = ""

    # ruff: noqa: PLR0911 - each refusal is a return
    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        if path.startswith("/files/"):
            return 200, self.media[path.removeprefix("/files/")]
        if self.errors:
            status, error = self.errors.pop(0)
            return status, {"error": error}
        if not path.startswith(f"/{VERSION}/"):
            return 400, {"error": {"message": "Unknown version", "code": 2635}}
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, {"error": {"message": "Invalid OAuth access token.", "code": 190}}
        path = path.removeprefix(f"/{VERSION}/")
        if method == "GET":
            return self._get(path)
        if method == "DELETE" or path.endswith("/likes"):
            self.sent.append((path, {"method": method}))
            return 200, {"success": True}
        if path.endswith(("/media", "/message_attachments")):
            return self._upload(path, headers, body)
        return self._post(path, headers, body)

    def _get(self, path: str) -> tuple[int, Any]:
        bare, _mark, query = path.partition("?")
        if bare == "ig_hashtag_search":
            return 200, {"data": [{"id": f"tag-{dict(parse_qsl(query))['q']}"}]}
        if bare.endswith("/recent_media"):
            return 200, {"data": self.posts.get(bare.partition("/")[0], [])}
        if bare.endswith("/subscribed_apps"):
            return 200, {
                "data": [{"id": "app", "subscribed_fields": self.subscribed}] if self.subscribed else []
            }
        if bare.endswith("/conversations"):
            return self._history(dict(parse_qsl(query)))
        if bare.endswith(("/feed", "/media")):
            wanted = dict(parse_qsl(query)).get("fields", "")
            return 200, {"data": self.commented.get(bare, []) if "comments" in wanted else []}
        if bare in self.media:
            return 200, {"url": f"{self.url}/files/{bare}", "mime_type": "image/jpeg", "id": bare}
        if bare.endswith("/message_templates"):
            body = {"type": "BODY", "text": "Bonjour {{1}}, votre colis {{2}} est arrivé."}
            data = [{"name": "parcel_arrived", "language": "fr", "status": "APPROVED", "components": [body]}]
            return 200, {"data": data}
        return 200, {"id": bare, "name": "Foulée", "verified_name": "Foulée", "username": "foulee"}

    def _history(self, query: dict[str, str]) -> tuple[int, Any]:
        """Two conversations a page, the newest first."""
        if query.get("platform") not in {"messenger", "instagram"}:
            return 400, {"error": {"message": "(#100) platform is required", "code": 100}}
        if "messages" not in query.get("fields", ""):
            return 200, {"data": [{"id": "t_1", "updated_time": "2026-09-21T10:00:00+0000"}]}
        found, at = self.conversations.get(query["platform"], []), int(query.get("after", "0"))
        more = {"paging": {"cursors": {"after": str(at + 2)}, "next": "https://…"}} if found[at + 2 :] else {}
        return 200, {"data": found[at : at + 2], **more}

    def _upload(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        kind = headers.get("content-type", "")
        boundary = re.fullmatch(r"multipart/form-data; boundary=(\S+)", kind)
        if boundary is None or not body.rstrip().endswith(f"--{boundary[1]}--".encode()):
            return 400, {"error": {"message": "Malformed form", "code": 100}}
        if path.endswith("/media") and b'name="messaging_product"\r\n\r\nwhatsapp' not in body:
            return 400, {"error": {"message": "(#100) messaging_product is required", "code": 100}}
        self.uploads.append((path, body))
        number = str(len(self.uploads))
        return 200, {"id": f"media-{number}", "attachment_id": f"attachment-{number}"}

    def _post(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        if headers.get("content-type") != "application/json":
            return 400, {"error": {"message": "Send JSON", "code": 100}}
        data = json.loads(body)
        problem = self._problem(path, data)
        if problem:
            return 400, {"error": {"message": f"(#100) {problem}", "code": 100}}
        self.sent.append((path, data))
        name = f"sent-{len(self.sent)}"
        if "messaging_product" in data:
            return 200, {"messaging_product": "whatsapp", "messages": [{"id": f"wamid.{name}"}]}
        if path.endswith(("/comments", "/replies", "/mentions")):
            return 200, {"id": f"comment-{name}"}
        if "recipient" not in data:
            return 200, {"success": True}
        self.on_sent(f"m_{name}", data)
        return 200, {"recipient_id": data["recipient"].get("id", "psid-1"), "message_id": f"m_{name}"}

    @staticmethod
    def _problem(path: str, data: dict[str, Any]) -> str:
        if path.endswith(("/comments", "/replies")):
            return "" if data.get("message") else "message is required"
        if path.endswith("/mentions"):
            return "" if data.get("message") and data.get("media_id") else "media_id is required"
        if data.keys() in ({"is_hidden"}, {"hide"}):
            return ""
        if data.get("recipient", {}).get("comment_id"):
            return "" if set(data["message"]) == {"text"} else "a private reply is text"
        if not path.endswith("/messages"):
            return "Unsupported post request"
        if "messaging_product" in data:
            kind = data.get("type")
            if data["messaging_product"] != "whatsapp" or not str(data.get("to", "")).isdecimal():
                return "Invalid parameter"
            return "" if kind in data and isinstance(data[kind], dict) else "type without its object"
        if not data.get("recipient", {}).get("id"):
            return "recipient is required"
        if data.get("messaging_type") == "MESSAGE_TAG" and not data.get("tag"):
            return "tag is required"
        if data.get("messaging_type") not in {"RESPONSE", "UPDATE", "MESSAGE_TAG"}:
            return "messaging_type is required"
        return "" if len(data.get("message", {})) == 1 else "message has text or attachment"


@contextmanager
def graph_api() -> Iterator[Graph]:
    graph = Graph()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            status, said = graph.answer(self.command, self.path, headers, body)
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = _handle  # noqa: N815 - the library's names

        def log_message(self, *_arguments: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    graph.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield graph
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def signature(body: bytes, secret: str = APP_SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()


def whatsapp_call(*values: dict[str, Any], phone: str = "1066") -> bytes:
    """A call with these values, each a change of its own."""
    changes = [
        {
            "field": "messages",
            "value": {"messaging_product": "whatsapp", "metadata": {"phone_number_id": phone}, **value},
        }
        for value in values
    ]
    call = {"object": "whatsapp_business_account", "entry": [{"id": "waba", "changes": changes}]}
    return json.dumps(call).encode()


def whatsapp_text(number: int, text: str, *, sender: str = "33612345678", **more: Any) -> dict[str, Any]:
    return {
        "contacts": [{"profile": {"name": "Mark"}, "wa_id": sender}],
        "messages": [
            {
                "from": sender,
                "id": f"wamid.{number}",
                "timestamp": str(1_790_000_000 + number),
                "type": "text",
                "text": {"body": text},
                **more,
            }
        ],
    }


def page_call(*events: dict[str, Any], page: str = "4711", kind: str = "page", **more: Any) -> bytes:
    entry = {"id": page, "time": 1_790_000_000_000, "messaging": list(events), **more}
    return json.dumps({"object": kind, "entry": [entry]}).encode()


def page_text(
    number: int, text: str, *, sender: str = "psid-1", page: str = "4711", **more: Any
) -> dict[str, Any]:
    return {
        "sender": {"id": sender},
        "recipient": {"id": page},
        "timestamp": 1_790_000_000_000 + number * 1000,
        "message": {"mid": f"m_{number}", "text": text, **more},
    }
