"""What a mail quotes, and how it is signed, is folded; what somebody wrote themselves never is."""

import pytest
from lxml import html as parser

from parcours.inbox.channels.email.folding import folded
from parcours.inbox.channels.email.html import safe

MAILS = {
    "gmail": (
        '<div dir="ltr">Own words.<br></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        "Le lun. 2 nov. 2026 à 10:04, Foulée &lt;bonjour@foulee.example&gt; a écrit :<br></div>"
        '<blockquote class="gmail_quote"><div>Their words</div></blockquote></div>'
    ),
    "outlook": (
        '<div><p>Own words.</p><div><div style="border-top:solid #E1E1E1 1pt"><p><b>From:</b> Foulée<br>'
        "<b>Sent:</b> Monday<br><b>To:</b> Mark<br></p></div></div><p>Their words</p></div>"
    ),
    "apple": (
        '<p>Own words.</p><div><br><blockquote type="cite"><div>On 2 Nov 2026, Foulée wrote:</div>'
        "<div>Their words</div></blockquote></div>"
    ),
    "an answer below": '<blockquote type="cite">Their words</blockquote><p>Own words.</p>',
    "a signature": "<p>Own words.</p><div>-- <br>Mark<br>Their words</div>",
    "a telephone": "<div>Own words.</div><div><br></div><div>Envoyé de mon iPhone, Their words</div>",
    "loose text": 'Own words. 1 &lt; 2<blockquote type="cite">Their words</blockquote>',
}
WHOLE = {
    "woven": (
        '<blockquote type="cite">Which size?</blockquote><p>42</p>'
        '<blockquote type="cite">Which colour?</blockquote><p>Blue</p>'
    ),
    "nothing else": '<blockquote type="cite">Which size?</blockquote>',
    "a sentence that looks like a head": "<p>It costs 30 euros.</p><p>De : Paris</p>",
}


def words(html: str) -> str:
    tree = parser.fragment_fromstring(html, create_parent="div")
    return "".join(str(tree.text_content()).split())


@pytest.mark.parametrize("mail", MAILS.values(), ids=MAILS.keys())
def test_what_is_not_their_own_is_folded_and_nothing_is_lost(mail: str) -> None:
    shown = folded(safe(mail), "MORE")
    tree = parser.fragment_fromstring(shown, create_parent="div")
    (rest,) = tree.iter("details")
    assert "Their words" in rest.text_content()
    assert "Own words." not in rest.text_content()
    assert words(shown).replace("MORE", "") == words(safe(mail))
    assert "1 &lt; 2" in shown or "1 <" not in words(mail)


@pytest.mark.parametrize("mail", WHOLE.values(), ids=WHOLE.keys())
def test_what_would_lose_its_sense_stays_whole(mail: str) -> None:
    assert folded(safe(mail), "MORE") == safe(mail)
