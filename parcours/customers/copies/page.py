"""A person's data as one page that opens anywhere: no scripts, nothing from elsewhere."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.customers.copies.words import column_label, value_words

TITLES = {
    "profiles": gettext_lazy("Profile"),
    "identities": gettext_lazy("How you are known"),
    "consents": gettext_lazy("What you allowed or refused"),
    "requests": gettext_lazy("What you asked of us"),
    "events": gettext_lazy("What happened"),
    "merges": gettext_lazy("Profiles that were joined"),
    "likenesses": gettext_lazy("Profiles that may be yours"),
    "claims": gettext_lazy("Identities that others have too"),
    "group memberships": gettext_lazy("Groups you belong to"),
    "rejected rows": gettext_lazy("Rows of files that could not be read"),
    "messages": gettext_lazy("Messages as they were received"),
    "shop deliveries": gettext_lazy("What shops sent us"),
}
_STYLE = mark_safe(
    "<style>body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;"
    "color:#1d2433;background:#fff}table{border-collapse:collapse;width:100%;font-size:13px}"
    "th,td{border-top:1px solid #d5d9e2;padding:4px 8px;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}caption{text-align:left;color:#545d70}@media(max-width:40rem){table{display:block;"
    "overflow-x:auto}}</style>"
)


def page_of(collected: Mapping[str, Any]) -> str:
    """The page of what `export.collect` found, in the language in force."""
    title = _("What {brand} knows about you").format(brand=collected["brand"])
    sections = [_section(place, rows) for place, rows in collected["data"].items()]
    return format_html(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8"><meta name="viewport"'
        ' content="width=device-width"><title>{}</title>{}</head><body><main><h1>{}</h1><p>{}</p>{}</main>'
        "</body></html>",
        translation.get_language() or "en",
        title,
        _STYLE,
        title,
        _("Made on {date}. The file data.json holds the same for programs.").format(
            date=_shown(collected["made"])
        ),
        format_html_join("", "{}", ((section,) for section in sections)),
    )


def _section(place: str, rows: list[dict[str, Any]]) -> SafeString:
    columns = list(
        dict.fromkeys(name for row in rows for name, value in row.items() if value not in _NOTHING)
    )
    head = format_html_join("", '<th scope="col">{}</th>', ((column_label(name),) for name in columns))
    body = format_html_join(
        "",
        "<tr>{}</tr>",
        ((_cells(value_words(place, name, row.get(name)) for name in columns),) for row in rows),
    )
    return format_html(
        "<section><h2>{}</h2><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></section>",
        TITLES.get(place, place.replace("_", " ").capitalize()),
        head,
        body,
    )


_NOTHING: tuple[Any, ...] = (None, "", [], {})


def _cells(values: Iterable[Any]) -> SafeString:
    return format_html_join("", "<td>{}</td>", ((_shown(value),) for value in values))


def _shown(value: Any) -> str:
    if value in _NOTHING:
        return ""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_shown(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_shown(each) for each in value)
    if isinstance(value, str) and len(value) > 18 and (moment := _moment(value)):
        return f"{date_format(moment, 'DATE_FORMAT')} {moment:%H:%M} UTC"
    return str(value)


def _moment(text: str) -> Any:
    try:
        return parse_datetime(text)
    except ValueError:
        return None
