"""Mails in the demo's mailbox as mail programs write them: a photo, a quoted answer, a form, an absence."""

from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from io import BytesIO

from parcours.core.clock import now
from parcours.inbox.models import ChannelAccount, Message
from parcours.inbox.writes import keep

OURS = "bonjour@foulee.example"
_DOMAIN = "demo.foulee.example"
_GLUE = """<p>Bonjour,</p><p>J’ai reçu mes <b>Appui Dos</b> hier, merci pour la rapidité. Il y a une trace
de colle sur la semelle gauche (photo). Est-ce que ça tient dans le temps ?</p>
<p><img src="cid:photo" alt="La semelle"></p>
<p>Bonne journée,<br>{name}</p>"""
_GLUE_WORDS = """Bonjour,

J’ai reçu mes Appui Dos hier, merci pour la rapidité. Il y a une trace de colle sur la semelle gauche (photo).
Est-ce que ça tient dans le temps ?

Bonne journée,
{name}
"""
_ANSWER = """Bonjour,

Merci pour la photo. C’est un reste de colle d’usine : un chiffon humide suffit, la semelle n’en souffre pas.
Si elle revient, nous échangeons la paire à nos frais.

Claire
"""
_THANKS = """Parfait, c’est parti avec un chiffon. Merci Claire !

Le {day}, Foulée <bonjour@foulee.example> a écrit :
> Merci pour la photo. C’est un reste de colle d’usine : un chiffon humide suffit, la semelle n’en souffre
> pas. Si elle revient, nous échangeons la paire à nos frais.

Envoyé de mon iPhone
"""
_LABEL = """Hello,

I would like to send back the Élan in 43 and take a 42 instead. The label in the box is for France, and I live
in Belgium. Which one should I use?

Best regards,
{name}
--{space}
{name}
"""
_FORM = """Formulaire de contact, page « Guide des tailles »

Le guide dit 27 cm pour un 42, la boîte dit 26,5. Lequel des deux est juste pour l’Élan ?
"""
_AWAY = "Je suis absent jusqu’à lundi et lirai votre message à mon retour.\n"


def keep_mails(account: ChannelAccount, french: Sequence[tuple[str, str]], english: tuple[str, str]) -> None:
    """Five mails and an answer that a colleague sent by another program; `(name, address)` are who writes."""
    if Message.objects.filter(account=account, external_id=_id(account, "glue")).exists():
        return
    first, second, third = french[:3]
    _keep(account, "glue", first, "Trace de colle sur la semelle", _GLUE_WORDS, hours=26, html=_GLUE)
    again = "Re: Trace de colle sur la semelle"
    _keep(account, "glue-2", None, again, _ANSWER, hours=24, to=first, after=["glue"])
    _keep(account, "glue-3", first, again, _THANKS, hours=22, after=["glue", "glue-2"])
    _keep(account, "label", english, "Return label for Belgium", _LABEL, hours=5)
    _keep(account, "form", None, "Question depuis le site", _FORM, hours=3, answer_to=second)
    _keep(account, "away", third, "Réponse automatique : votre commande", _AWAY, hours=2, is_machine=True)


def _id(account: ChannelAccount, name: str) -> str:
    return f"{name}-{account.pk}@{_DOMAIN}"


def _photo() -> bytes:
    """A sole with a trace of glue, as a telephone would have it on a table."""
    from PIL import Image, ImageDraw, ImageFilter

    image = Image.new("RGB", (480, 320), "#b9a48c")
    draw = ImageDraw.Draw(image)
    draw.ellipse((60, 90, 420, 250), fill="#23272e")
    for at in range(90, 400, 26):
        draw.line((at, 105, at - 20, 235), fill="#3b424d", width=8)
    draw.ellipse((255, 150, 315, 185), fill="#d8cfae")
    file = BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.2)).save(file, "PNG")
    return file.getvalue()


def _keep(
    account: ChannelAccount,
    name: str,
    sender: tuple[str, str] | None,
    subject: str,
    words: str,
    *,
    hours: int,
    html: str = "",
    to: tuple[str, str] | None = None,
    answer_to: tuple[str, str] | None = None,
    after: Sequence[str] = (),
    is_machine: bool = False,
) -> None:
    moment = now() - timedelta(hours=hours)
    writer = sender[0] if sender else "Foulée"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{writer} <{sender[1] if sender else OURS}>"
    mail["To"] = f"{to[0]} <{to[1]}>" if to else OURS
    mail["Subject"] = subject
    mail["Date"] = format_datetime(moment)
    mail["Message-ID"] = f"<{_id(account, name)}>"
    if answer_to:
        mail["Reply-To"] = f"{answer_to[0]} <{answer_to[1]}>"
    if after:
        chain = [f"<{_id(account, each)}>" for each in after]
        mail["In-Reply-To"], mail["References"] = chain[-1], " ".join(chain)
    if is_machine:
        mail["Auto-Submitted"] = "auto-replied"
    said = {"name": writer, "day": f"{moment:%d/%m/%Y}", "space": " "}
    mail.set_content(words.format(**said))
    if html:
        mail.add_alternative(html.format(**said), subtype="html")
        shown = mail.get_body(("html",))
        if isinstance(shown, EmailMessage):
            shown.add_related(_photo(), "image", "png", cid="<photo>", filename="semelle.png")
    headers = {"folder": "Sent", "sent": "yes"} if to else {"folder": "INBOX"}
    keep(account, mail.as_bytes(), headers=headers)
