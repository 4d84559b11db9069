"""The desk in the hand: by finger, by key, with odd messages; what is refused or regretted comes back."""

import json
import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Route, expect

from parcours.accounts.models import Person
from parcours.canvas.shapes import Board
from parcours.core.clock import now
from parcours.inbox import writes
from parcours.inbox.models import ChannelAccount, Conversation, Message
from tests.browser.conftest import PHONE, SignIn, until
from tests.browser.test_look import sideways, violations
from tests.inbox.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.insights.shop import drawn as drawn  # noqa: PLC0414

pytestmark = pytest.mark.browser

Write = Callable[..., Conversation]
TABLE = f"<table border=1><tr>{''.join(f'<td>Product number {n}</td>' for n in range(40))}</tr></table>"

SHOE: FilePayload = {"name": "shoe.png", "mimeType": "image/png", "buffer": b"png"}
DROPS = """form => {
  const carried = new DataTransfer();
  carried.items.add(new File(["png"], "shoe.png", { type: "image/png" }));
  form.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def write(loft: ChannelAccount) -> Write:
    def wrote(text: str = "Where is my parcel?", who: str = "mark", **more: object) -> Conversation:
        at = now().timestamp()
        told = {"id": str(uuid.uuid4()), "from": who, "name": who.title(), "text": text, "at": at, **more}
        writes.keep(loft, json.dumps([told]).encode())
        return Message.objects.get(external_id=told["id"]).conversation

    return wrote


def test_many_are_chosen_by_finger(sign_in: SignIn, alice: Person, write: Write) -> None:
    for n in range(4):
        write(f"Question {n}", f"customer {n}")
    page = sign_in(alice, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto("/inbox/")
    expect(page.locator(".desk-pick").first).to_be_hidden()
    page.get_by_role("button", name="Select", exact=True).tap()
    rows = page.locator("[data-row] > [data-open]")
    for n in (0, 2):
        rows.nth(n).tap()
    expect(page.locator("[data-bulk-count]")).to_have_text("2 selected")
    expect(page).to_have_url(re.compile("/inbox/$"))
    assert violations(page) == []
    assert sideways(page) <= 0
    page.locator('[data-bulk-deed="close"]').tap()
    expect(rows).to_have_count(2)
    rows.first.tap()
    expect(page.locator(".said-in")).to_be_visible()


def test_whoever_wrote_is_blocked_and_that_is_undone(
    sign_in: SignIn, alice: Person, write: Write, troubles: list[str]
) -> None:
    conversation = write("Buy followers now", "spammer")
    page = sign_in(alice)
    page.goto(f"/inbox/{conversation.pk}/")
    page.locator('[popovertarget="talk-more"]').click()
    page.get_by_text("Block whoever writes this").click()
    page.get_by_label("Why").fill("Advertising")
    assert violations(page) == []
    page.get_by_role("button", name="Block", exact=True).click()
    expect(page.locator("[data-talk-notices]")).to_contain_text(re.compile("by Alice on .*Advertising"))
    expect(page.locator("[data-row]")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-talk-notices]")).to_be_empty()
    expect(page.locator("[data-row]")).to_have_count(1)
    conversation.refresh_from_db()
    assert conversation.waiting_since is not None
    assert troubles == []


def test_what_is_refused_comes_back_with_its_files_and_words_that_cannot_stay_to_be_read(
    sign_in: SignIn, alice: Person, write: Write
) -> None:
    page = sign_in(alice)
    page.goto(f"/inbox/{write().pk}/")

    def refuse(route: Route) -> None:
        route.fulfill(status=422, body="<p>The channel says no.</p>", content_type="text/html")

    page.route("**/reply/", refuse)
    page.locator("[data-file-input]").set_input_files([SHOE] * 12)
    expect(page.locator("#toasts")).to_contain_text("At most 10 files")
    field = page.locator("#compose-text")
    field.fill("Here it is")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("The channel says no.")
    expect(field).to_have_value("Here it is")
    expect(page.locator("[data-files] li")).to_have_count(10)
    page.unroute("**/reply/", refuse)
    held: list[Route] = []
    page.route("**/reply/", lambda route: held.append(route))  # noqa: PLW0108 - playwright marks it
    page.keyboard.press("Control+Enter")
    field.fill("Something else by now")
    page.wait_for_function("document.querySelector('.said-out[data-waits]')")
    refuse(held[0])
    expect(page.locator(".said-out .said-failed")).to_contain_text("The channel says no.")
    expect(page.locator(".said-out")).to_contain_text("Here it is")
    expect(field).to_have_value("Something else by now")


def test_files_wait_for_the_reply_while_a_note_is_written(
    sign_in: SignIn, alice: Person, write: Write, troubles: list[str]
) -> None:
    page = sign_in(alice)
    page.goto(f"/inbox/{write().pk}/")
    page.locator("[data-file-input]").set_input_files(SHOE)
    page.get_by_role("button", name="Note", exact=True).click()
    expect(page.locator("[data-files]")).to_be_hidden()
    page.locator("#compose-text").fill("She sent me this by mail")
    page.locator(".compose").evaluate(DROPS)
    expect(page.locator("#toasts")).to_contain_text("not with notes")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".said-note:not([data-waits])")).to_contain_text("by mail")
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(page.locator("[data-files] li")).to_have_count(1)
    page.locator("#compose-text").fill("Is it this one?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".said-out:not([data-waits]) .said-files li")).to_have_count(1)
    assert troubles == []


def test_what_is_refused_elsewhere_waits_there_before_the_draft(
    sign_in: SignIn, alice: Person, write: Write
) -> None:
    one, other = write("One", "anna"), write("Other", "bert")
    page = sign_in(alice)
    page.goto(f"/inbox/{one.pk}/")
    held: list[Route] = []
    page.route("**/reply/", lambda route: held.append(route))  # noqa: PLW0108 - playwright marks it
    page.locator("#compose-text").fill("What was sent")
    page.keyboard.press("Control+Enter")
    page.locator("#compose-text").fill("What was begun")
    page.locator(f'[data-row="{other.pk}"] [data-open]').click()
    expect(page).to_have_url(re.compile(str(other.pk)))
    expect(page.locator("#compose-text")).to_have_value("")
    held[0].fulfill(status=422, body="<p>No.</p>", content_type="text/html")
    expect(page.locator("#toasts")).to_contain_text("No.")
    page.go_back()
    expect(page.locator("#compose-text")).to_have_value("What was sent\n\nWhat was begun")


def test_every_key_of_the_list_of_keys_is_shown_and_closed_by_escape(
    sign_in: SignIn, alice: Person, write: Write
) -> None:
    page = sign_in(alice)
    page.goto(f"/inbox/{write().pk}/")
    page.locator("#desk-talk").focus()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys of the inbox")
    expect(keys).to_be_visible()
    shown = keys.locator("kbd").all_inner_texts()
    assert {"j", "k", "x", "r", "n", "e", "z", "t", "q", "m", "p", "g", "o", "v", "!", "/", "1"} <= set(shown)
    assert violations(page) == []
    page.keyboard.press("e")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    assert not Conversation.objects.exclude(status="open").exists(), "keys do nothing behind the list"


def test_what_is_done_by_key_is_done_to_all_that_are_selected(
    sign_in: SignIn, alice: Person, write: Write
) -> None:
    for n in range(2):
        write(f"Question {n}", f"customer {n}")
    page = sign_in(alice)
    page.goto("/inbox/")
    for key, mine in (("i", ".desk-assignee"), ("!", ".tag.bad")):
        for _row in range(2):
            page.keyboard.press("j" if _row else "k")
            page.keyboard.press("x")
        expect(page.locator("[data-bulk-count]")).to_have_text("2 selected")
        page.keyboard.press(key)
        expect(page.locator(f"[data-row] {mine}")).to_have_count(2)
    assert Conversation.objects.filter(assignee=alice, priority=1).count() == 2


def test_the_wall_fills_the_screen_and_its_dialogs_stand_before_it(
    sign_in: SignIn, alice: Person, write: Write, troubles: list[str]
) -> None:
    conversation = write("My order never came")
    page = sign_in(alice)
    page.goto("/inbox/supervisor/")
    page.get_by_role("button", name="Whole screen").click()
    page.wait_for_function("document.fullscreenElement?.localName === 'supervisor-wall'")
    page.locator(f'[data-conversation="{conversation.pk}"] [data-wall-do]').click()
    expect(page.locator("#wall-do")).to_be_visible()
    page.locator("#wall-note").fill("Offer her the express delivery")
    page.locator("#wall-do").get_by_role("button", name="Keep the note").click()
    expect(page.locator("#wall-do")).to_be_hidden()
    write("And mine neither", "lea")
    expect(page.locator("supervisor-wall")).to_contain_text("And mine neither")
    page.evaluate("document.exitFullscreen()")
    page.wait_for_function("document.fullscreenElement === null")
    assert troubles == []


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_any_kind_of_message_is_held(
    sign_in: SignIn, alice: Person, loft: ChannelAccount, write: Write, width: str
) -> None:
    at = now().timestamp() - 300
    told: list[dict[str, object]] = [
        {"text": "👟🏃\N{ZERO WIDTH JOINER}♀️😡" * 30},
        {"text": "See these", "files": [f"shoe {n} of very many.png" for n in range(30)]},
        {"text": ""},
        {"text": "word " * 40_000},
        {"text": "Products"},
    ]
    every = [{"id": f"kind{n}", "from": "odd", "at": at + n, **each} for n, each in enumerate(told)]
    writes.keep(loft, json.dumps(every).encode())
    Message.objects.filter(text="Products").update(html=TABLE)
    page = sign_in(alice, **({"viewport": PHONE, "has_touch": True} if width == "phone" else {}))
    page.goto(f"/inbox/{Conversation.objects.get().pk}/")
    said = page.locator(".said-in")
    expect(said).to_have_count(len(told))
    expect(said.nth(1).locator(".said-files > li")).to_have_count(30)
    expect(said.nth(2)).to_contain_text("empty")
    expect(said.nth(3).locator("summary")).to_be_visible()
    frame = page.frame_locator(".said-mail")
    expect(frame.locator("td")).to_have_count(40)
    assert sideways(page) <= 0
    assert page.locator(".talk-scroll").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    expect(page.locator(".said-mail")).not_to_have_css("height", "192px")
    assert violations(page) == []


def test_what_could_not_be_done_is_said_instead_of_that_it_was(
    sign_in: SignIn, alice: Person, write: Write
) -> None:
    conversation, other = write(), write("Me, too", "lea")
    page = sign_in(alice)
    page.goto(f"/inbox/{conversation.pk}/")
    page.locator('[popovertarget="talk-more"]').click()
    page.locator("#talk-into").fill("#99")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts .toast")).to_have_count(1)
    expect(page.locator("#toasts .toast .grow")).to_have_text("There is no conversation #99.")
    page.locator('[popovertarget="talk-more"]').click()
    page.locator("#talk-into").fill(f"#{other.number}")
    page.keyboard.press("Enter")
    merged = Conversation.objects.exclude(merged_into=None)
    assert until(page, merged.all().exists)
    page.get_by_role("button", name="Undo").click()
    assert until(page, lambda: not merged.all().exists())


def test_the_strip_follows_a_correction_when_it_is_stored(
    sign_in: SignIn, alice: Person, write: Write, drawn: Board
) -> None:
    conversation, stage = write(), drawn.stages[2]
    page = sign_in(alice)
    page.goto(f"/inbox/{conversation.pk}/")
    expect(page.locator(".strip .here")).to_have_count(0)
    held: list[Route] = []
    page.route("**/do/place/", lambda route: held.append(route))  # noqa: PLW0108 - playwright marks it
    page.locator(".standing summary").click()
    page.locator("#beside-place").select_option(str(stage.id))
    with page.expect_request("**/do/place/"):
        page.locator(".standing").get_by_role("button", name="Save").click()
    assert until(page, lambda: bool(held))
    held[0].continue_()
    expect(page.locator(".strip .here")).to_have_text(stage.name)
    expect(page.locator(".standing")).to_contain_text("Placed by a colleague")
