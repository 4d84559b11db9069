"""The door for tracking clients: a thin ASGI application beside Django, durable before it answers 200."""
