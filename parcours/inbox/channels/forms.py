"""Files sent to platforms: `multipart/form-data` as RFC 7578 has it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FormFile:
    field: str
    name: str
    media_type: str
    content: bytes


def form_data(fields: Mapping[str, str], file: FormFile) -> tuple[bytes, str]:
    """The body and its content type. A name of a file keeps only what every platform understands."""
    boundary = f"parcours-{uuid.uuid4().hex}"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    shown = "".join(
        each if (each.isascii() and each.isalnum()) or each in "._-" else "_" for each in file.name
    )
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{file.field}"; filename="{shown}"\r\n'
        f"Content-Type: {file.media_type}\r\n\r\n"
    )
    body = "".join(parts).encode() + file.content + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"
