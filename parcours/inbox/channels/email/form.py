"""What the form of a mailbox asks for."""

from django.utils.translation import gettext_lazy as _

from parcours.inbox.channels.base import Setting
from parcours.inbox.channels.email.hooks import OWN_WAYS, PROVIDERS
from parcours.inbox.channels.email.presets import PRESETS

_SECURITY = (
    ("", _("as the provider does")),
    ("tls", "TLS"),
    ("starttls", "STARTTLS"),
    ("none", _("none (only on your own machine)")),
)

_OWN = _("Servers of another provider")
_OAUTH = _("Signing in with a token (OAuth 2)")
_CALLS = _("A provider that calls")
_FOLDERS = _("What is read, and what becomes of it")
_ANSWERS = _("How answers leave")

SETTINGS = (
    Setting(
        "provider",
        _("Provider"),
        _(
            "Its servers are known here; for another one enter them below. A mailbox that can only be read by"
            " POP can't be connected: let it forward its mails to one with IMAP."
        ),
        kind="choice",
        default="other",
        choices=[*((key, preset.label) for key, preset in PRESETS.items()), ("other", _("Another one"))],
    ),
    Setting("username", _("Name to sign in"), _("Left empty: the mail address."), required=False),
    Setting(
        "password",
        _("Password"),
        _("Gmail, Yahoo, iCloud and Fastmail want an app password. With OAuth: a token that isn’t renewed."),
        kind="secret",
        required=False,
    ),
    Setting("sender_name", _("Name of the sender"), _("As customers see it."), required=False),
    Setting(
        "signature",
        _("Signature"),
        _("Under each answer; {agent} becomes the name of whoever writes."),
        kind="lines",
        required=False,
    ),
    Setting("aliases", _("Other addresses of this mailbox"), kind="lines", required=False),
    Setting(
        "receiving",
        _("How mails come in"),
        kind="choice",
        default="imap",
        choices=[
            ("imap", _("Parcours reads the mailbox (IMAP)")),
            *((key, provider.label) for key, provider in PROVIDERS.items()),
            *OWN_WAYS.items(),
            ("none", _("Not at all")),
        ],
    ),
    Setting(
        "start",
        _("What is read at first"),
        kind="choice",
        default="new",
        choices=[("new", _("Only what comes from now on")), ("all", _("Everything that is there"))],
        part=_FOLDERS,
    ),
    Setting(
        "after",
        _("What becomes of a mail in the mailbox"),
        kind="choice",
        default="leave",
        choices=[("leave", _("It stays as it is")), ("seen", _("It is marked as read"))],
        part=_FOLDERS,
    ),
    Setting(
        "folders",
        _("Folders to read"),
        _("One a line; left empty: INBOX."),
        kind="lines",
        required=False,
        part=_FOLDERS,
    ),
    Setting(
        "sent_folder",
        _("Folder of sent mails"),
        _("Left empty: the one that the server marks as such."),
        required=False,
        part=_FOLDERS,
    ),
    Setting(
        "read_sent",
        _("Show answers that colleagues send by another program (read from the folder of sent mails)"),
        kind="check",
        required=False,
        part=_FOLDERS,
    ),
    Setting(
        "save_sent",
        _("Put a copy of our answers into the folder of sent mails (Gmail and Outlook do it themselves)"),
        kind="check",
        required=False,
        part=_FOLDERS,
    ),
    Setting(
        "sending",
        _("How answers leave"),
        kind="choice",
        default="smtp",
        choices=[
            ("smtp", _("By the mailbox's own server (SMTP)")),
            ("installation", _("By the server with which this installation sends mails")),
        ],
        part=_ANSWERS,
    ),
    Setting(
        "reply_tokens",
        _("Give each answer a reply address of its own (name+…@), where the provider delivers such ones"),
        kind="check",
        required=False,
        part=_ANSWERS,
    ),
    Setting(
        "acknowledge",
        _("Outside the hours, answer at once that the mail has come and when somebody is back"),
        _("At most once a day to the same address, and never to automatic mails."),
        kind="check",
        required=False,
        part=_ANSWERS,
    ),
    Setting(
        "acknowledgement_fr",
        _("That answer in French"),
        _("{back} becomes day and time. Left empty: the usual words."),
        kind="lines",
        required=False,
        part=_ANSWERS,
    ),
    Setting("acknowledgement_en", _("That answer in English"), kind="lines", required=False, part=_ANSWERS),
    Setting("imap_host", _("IMAP server"), required=False, part=_OWN),
    Setting("imap_port", _("IMAP port"), kind="number", required=False, part=_OWN),
    Setting(
        "imap_security", _("IMAP encryption"), kind="choice", required=False, choices=_SECURITY, part=_OWN
    ),
    Setting("smtp_host", _("SMTP server"), required=False, part=_OWN),
    Setting("smtp_port", _("SMTP port"), kind="number", required=False, part=_OWN),
    Setting(
        "smtp_security", _("SMTP encryption"), kind="choice", required=False, choices=_SECURITY, part=_OWN
    ),
    Setting("smtp_username", _("Name for SMTP"), _("Left empty: the same."), required=False, part=_OWN),
    Setting(
        "smtp_password",
        _("Password for SMTP"),
        _("Left empty: the same."),
        kind="secret",
        required=False,
        part=_OWN,
    ),
    Setting(
        "sign_in",
        _("How to sign in"),
        kind="choice",
        default="password",
        choices=[("password", _("With a password")), ("oauth", _("With a token (OAuth 2)"))],
        part=_OAUTH,
    ),
    Setting("oauth_client_id", _("OAuth: client id"), required=False, part=_OAUTH),
    Setting("oauth_client_secret", _("OAuth: client secret"), kind="secret", required=False, part=_OAUTH),
    Setting("oauth_refresh_token", _("OAuth: refresh token"), kind="secret", required=False, part=_OAUTH),
    Setting(
        "oauth_token_url",
        _("OAuth: address of tokens"),
        _("Known for Google and Microsoft."),
        required=False,
        part=_OAUTH,
    ),
    Setting(
        "hook_key",
        _("Signing key of the provider"),
        _("For Mailgun, MailerSend, Postal and Resend (whsec_…), when they call."),
        kind="secret",
        required=False,
        part=_CALLS,
    ),
    Setting(
        "hook_password",
        _("Password for calls"),
        _(
            "For Postmark, SendGrid, Mailjet, SparkPost and Brevo: name parcours, this password, in the"
            " address."
        ),
        kind="secret",
        made=True,
        part=_CALLS,
    ),
    Setting(
        "provider_key",
        _("Key with which mails and files are fetched"),
        _("The API key of Resend or Brevo. For Amazon SES with S3: the secret access key."),
        kind="secret",
        required=False,
        part=_CALLS,
    ),
    Setting(
        "topic",
        _("Amazon SES: ARN of the SNS topic"),
        _("The topic to which the receipt rule publishes; its subscription is confirmed by itself."),
        required=False,
        part=_CALLS,
    ),
    Setting(
        "aws_key_id",
        _("Amazon SES: access key id"),
        _("Only where mails are laid into S3; it may read the bucket (s3:GetObject), nothing else."),
        required=False,
        part=_CALLS,
    ),
)
