"""Asking a worker to send what waits in the outbox."""

import uuid


def ask_to_send(message_id: uuid.UUID) -> None:
    from parcours.inbox.tasks import send_message

    send_message.configure(lock=f"inbox.send.{message_id}").defer(message=str(message_id))
