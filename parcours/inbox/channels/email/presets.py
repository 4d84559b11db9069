"""Where the mailboxes of well-known providers are read and sent, so that nobody has to look it up."""

from typing import Literal, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.core.errors import BadInput
from parcours.inbox.models import ChannelAccount

Security = Literal["tls", "starttls", "none"]


class Server(NamedTuple):
    host: str
    port: int
    security: str


class Preset(NamedTuple):
    """`token_url` is where an access token is fetched; empty where passwords are the only way. `password`
    says what it wants instead of the usual one.
    """

    label: str
    imap: Server
    smtp: Server
    token_url: str = ""
    password: str | Promise = ""


_MICROSOFT = "https://login.microsoftonline.com/common/oauth2/v2.0/token"

_APP_PASSWORD = gettext_lazy("This provider wants an app password, made in the security settings there.")
_SWITCHED_ON = gettext_lazy("Allow other programs (IMAP) in the settings of the mailbox there first.")

PRESETS = {
    "gmail": Preset(
        "Gmail, Google Workspace",
        Server("imap.gmail.com", 993, "tls"),
        Server("smtp.gmail.com", 465, "tls"),
        "https://oauth2.googleapis.com/token",
        _APP_PASSWORD,
    ),
    "outlook": Preset(
        "Outlook, Microsoft 365",
        Server("outlook.office365.com", 993, "tls"),
        Server("smtp.office365.com", 587, "starttls"),
        _MICROSOFT,
        gettext_lazy("This provider takes no passwords of programs: choose the token (OAuth 2)."),
    ),
    "ovh": Preset("OVHcloud", Server("ssl0.ovh.net", 993, "tls"), Server("ssl0.ovh.net", 465, "tls")),
    "ionos": Preset("IONOS", Server("imap.ionos.fr", 993, "tls"), Server("smtp.ionos.fr", 465, "tls")),
    "gandi": Preset("Gandi", Server("mail.gandi.net", 993, "tls"), Server("mail.gandi.net", 465, "tls")),
    "infomaniak": Preset(
        "Infomaniak", Server("mail.infomaniak.com", 993, "tls"), Server("mail.infomaniak.com", 465, "tls")
    ),
    "orange": Preset(
        "Orange",
        Server("imap.orange.fr", 993, "tls"),
        Server("smtp.orange.fr", 465, "tls"),
        password=_SWITCHED_ON,
    ),
    "free": Preset("Free", Server("imap.free.fr", 993, "tls"), Server("smtp.free.fr", 465, "tls")),
    "yahoo": Preset(
        "Yahoo",
        Server("imap.mail.yahoo.com", 993, "tls"),
        Server("smtp.mail.yahoo.com", 465, "tls"),
        password=_APP_PASSWORD,
    ),
    "fastmail": Preset(
        "Fastmail",
        Server("imap.fastmail.com", 993, "tls"),
        Server("smtp.fastmail.com", 465, "tls"),
        password=_APP_PASSWORD,
    ),
    "icloud": Preset(
        "iCloud Mail",
        Server("imap.mail.me.com", 993, "tls"),
        Server("smtp.mail.me.com", 587, "starttls"),
        password=_APP_PASSWORD,
    ),
    "laposte": Preset(
        "La Poste",
        Server("imap.laposte.net", 993, "tls"),
        Server("smtp.laposte.net", 465, "tls"),
        password=_SWITCHED_ON,
    ),
}
_USUAL = {
    ("imap", "tls"): 993,
    ("imap", "starttls"): 143,
    ("imap", "none"): 143,
    ("smtp", "tls"): 465,
    ("smtp", "starttls"): 587,
    ("smtp", "none"): 25,
}


def server_of(account: ChannelAccount, protocol: Literal["imap", "smtp"]) -> Server:
    """By the account's own fields, else by its provider. Raises BadInput when neither says where."""
    said = account.settings
    preset = PRESETS.get(str(said.get("provider", "")))
    usual = (preset.imap if protocol == "imap" else preset.smtp) if preset else Server("", 0, "tls")
    host = str(said.get(f"{protocol}_host") or usual.host)
    security = str(said.get(f"{protocol}_security") or usual.security)
    own_way = security != usual.security or host != usual.host or not usual.port
    port = int(said.get(f"{protocol}_port") or (_USUAL[(protocol, security)] if own_way else usual.port))
    if not host:
        raise BadInput(
            _("Nobody said at which server this mailbox is."),
            where=f"{protocol}_host",
            remedy=_("Choose the provider, or enter its servers."),
        )
    return Server(host, port, security)


def password_hint(account: ChannelAccount) -> str:
    """What its provider wants instead of the usual password."""
    preset = PRESETS.get(str(account.settings.get("provider", "")))
    return str(preset.password) if preset else ""


def token_url_of(account: ChannelAccount) -> str:
    preset = PRESETS.get(str(account.settings.get("provider", "")))
    return str(account.settings.get("oauth_token_url") or (preset.token_url if preset else ""))
