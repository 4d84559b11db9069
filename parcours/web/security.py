"""A strict content policy on every page: nothing inline, nothing from elsewhere."""

from django.http.response import HttpResponseBase

from parcours.web.middleware import Around

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",  # positions and widths that only the server or a drag knows
        "script-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "object-src 'none'",
    )
)


class ContentSecurityPolicy(Around):
    """Middleware: sets the header unless a view has set its own (an embeddable page, for instance)."""

    def after(self, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response
