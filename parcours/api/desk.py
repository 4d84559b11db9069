"""What makes answering quick: quick replies, macros, saved views."""

import uuid
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Field, Header, Router, Schema, Status

from parcours.api.doors import ApiRequest, needs
from parcours.api.schemas import Problem
from parcours.canvas.revisions import read_revision
from parcours.inbox.desk import macros, replies, views
from parcours.inbox.desk.macros import MacroView
from parcours.inbox.desk.replies import ReplyView

router = Router(tags=["inbox"])

_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
_WRITE: dict[Any, Any] = {**_PROBLEMS, 409: Problem}
_CHANGE: dict[Any, Any] = {**_WRITE, 428: Problem}
_REPLY = "/quick-replies/{uuid:reply_id}"
_MACRO = "/macros/{uuid:macro_id}"

IfMatch = Annotated[str, Header(alias="If-Match", description='Its revision in quotes: "3"')]


class Words(Schema):
    """The same by language; what is empty isn't there."""

    fr: str = Field("", max_length=8_000)
    en: str = Field("", max_length=8_000)


class QuickReplyIn(Schema):
    shortcut: str = Field(max_length=80)
    name: str = Field(max_length=200)
    texts: Words
    stage: uuid.UUID | None = None


class QuickReplyOut(Schema):
    id: uuid.UUID
    shortcut: str
    name: str
    texts: Words
    stage: uuid.UUID | None
    revision: int


class QuickReplyList(Schema):
    items: list[QuickReplyOut]


class DeedsIn(Schema):
    """What a macro does, in this order. `snooze`: until when, from the moment at which it is used."""

    tags: list[str] = Field(default_factory=list, max_length=30, description="Added to those there.")
    priority: Literal[-1, 0, 1] | None = None
    assign: Literal["me", "nobody"] | None = None
    snooze: Literal["later", "evening", "tomorrow", "monday", "week"] | None = None
    close: bool = False


class MacroIn(Schema):
    name: str = Field(max_length=200)
    texts: Words = Field(default_factory=lambda: Words(fr="", en=""))
    deeds: DeedsIn = Field(default_factory=DeedsIn)


class MacroOut(Schema):
    id: uuid.UUID
    name: str
    texts: Words
    deeds: DeedsIn
    revision: int


class MacroList(Schema):
    items: list[MacroOut]


class SavedViewIn(Schema):
    name: str = Field(max_length=200)
    query: str = Field(max_length=600, description="The filter as the address of the inbox has it: ?view=…")


class SavedViewOut(SavedViewIn):
    id: uuid.UUID


class SavedViewList(Schema):
    items: list[SavedViewOut]


@router.get("/quick-replies", response={200: QuickReplyList, 401: Problem, 403: Problem})
@needs("inbox.view")
def list_quick_replies(request: ApiRequest) -> dict[str, Any]:
    """By shortcut."""
    return {"items": [_reply(each) for each in replies.replies(request.brand.pk)]}


@router.post("/quick-replies", response={201: QuickReplyOut, **_WRITE})
@needs("inbox.manage")
def add_quick_reply(
    request: ApiRequest, response: HttpResponse, wanted: QuickReplyIn
) -> Status[dict[str, Any]]:
    """A shortcut that is there already is a conflict: sending the same twice adds one."""
    return Status(201, _tagged(response, _reply(_saved(request, wanted))))


@router.get(_REPLY, response={200: QuickReplyOut, **_PROBLEMS})
@needs("inbox.view")
def get_quick_reply(request: ApiRequest, response: HttpResponse, reply_id: uuid.UUID) -> dict[str, Any]:
    return _tagged(response, _reply(replies.reply(request.brand.pk, reply_id)))


@router.put(_REPLY, response={200: QuickReplyOut, **_CHANGE})
@needs("inbox.manage")
def replace_quick_reply(
    request: ApiRequest,
    response: HttpResponse,
    reply_id: uuid.UUID,
    wanted: QuickReplyIn,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    """All of it, as given."""
    replies.reply(request.brand.pk, reply_id)
    saved = _saved(request, wanted, reply_id, read_revision(if_match))
    return _tagged(response, _reply(saved))


@router.delete(_REPLY, response={204: None, **_PROBLEMS})
@needs("inbox.manage")
def remove_quick_reply(request: ApiRequest, reply_id: uuid.UUID) -> Status[None]:
    replies.delete_reply(reply_id, acting_user=request.actor)
    return Status(204, None)


@router.get("/macros", response={200: MacroList, 401: Problem, 403: Problem})
@needs("inbox.view")
def list_macros(request: ApiRequest) -> dict[str, Any]:
    """By name."""
    return {"items": [_macro(each) for each in macros.macros(request.brand.pk)]}


@router.post("/macros", response={201: MacroOut, **_WRITE})
@needs("inbox.manage")
def add_macro(request: ApiRequest, response: HttpResponse, wanted: MacroIn) -> Status[dict[str, Any]]:
    return Status(201, _tagged(response, _macro(_saved_macro(request, wanted))))


@router.get(_MACRO, response={200: MacroOut, **_PROBLEMS})
@needs("inbox.view")
def get_macro(request: ApiRequest, response: HttpResponse, macro_id: uuid.UUID) -> dict[str, Any]:
    return _tagged(response, _macro(macros.macro(request.brand.pk, macro_id)))


@router.put(_MACRO, response={200: MacroOut, **_CHANGE})
@needs("inbox.manage")
def replace_macro(
    request: ApiRequest,
    response: HttpResponse,
    macro_id: uuid.UUID,
    wanted: MacroIn,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    """All of it, as given."""
    macros.macro(request.brand.pk, macro_id)
    saved = _saved_macro(request, wanted, macro_id, read_revision(if_match))
    return _tagged(response, _macro(saved))


@router.delete(_MACRO, response={204: None, **_PROBLEMS})
@needs("inbox.manage")
def remove_macro(request: ApiRequest, macro_id: uuid.UUID) -> Status[None]:
    macros.delete_macro(macro_id, acting_user=request.actor)
    return Status(204, None)


@router.get("/inbox-views", response={200: SavedViewList, 401: Problem, 403: Problem})
@needs("inbox.view")
def list_saved_views(request: ApiRequest) -> dict[str, Any]:
    """Those that everybody of the brand sees."""
    found = [each for each in views.saved_views(request.actor) if each.shared]
    return {"items": [{"id": each.id, "name": each.name, "query": each.query} for each in found]}


@router.post("/inbox-views", response={201: SavedViewOut, **_WRITE})
@needs("inbox.manage")
def add_saved_view(request: ApiRequest, wanted: SavedViewIn) -> Status[dict[str, Any]]:
    """For everybody: a program has no views of its own."""
    made = views.save_view(wanted.name, wanted.query, shared=True, acting_user=request.actor)
    return Status(201, {"id": made.id, "name": made.name, "query": made.query})


@router.delete("/inbox-views/{uuid:view_id}", response={204: None, **_PROBLEMS})
@needs("inbox.manage")
def remove_saved_view(request: ApiRequest, view_id: uuid.UUID) -> Status[None]:
    views.delete_view(view_id, acting_user=request.actor)
    return Status(204, None)


def _tagged(response: HttpResponse, made: dict[str, Any]) -> dict[str, Any]:
    response["ETag"] = f'"{made["revision"]}"'
    return made


def _saved(
    request: ApiRequest, wanted: QuickReplyIn, reply_id: uuid.UUID | None = None, revision: int | None = None
) -> ReplyView:
    return replies.save_reply(
        request.brand,
        shortcut=wanted.shortcut,
        name=wanted.name,
        texts=wanted.texts.dict(),
        stage_id=wanted.stage,
        reply_id=reply_id,
        revision=revision,
        acting_user=request.actor,
    )


def _saved_macro(
    request: ApiRequest, wanted: MacroIn, macro_id: uuid.UUID | None = None, revision: int | None = None
) -> MacroView:
    return macros.save_macro(
        request.brand,
        name=wanted.name,
        deeds=_deeds(wanted.deeds),
        texts=wanted.texts.dict(),
        macro_id=macro_id,
        revision=revision,
        acting_user=request.actor,
    )


def _deeds(wanted: DeedsIn) -> list[tuple[str, dict[str, str]]]:
    """As the desk keeps and does them."""
    found: list[tuple[str, dict[str, str]]] = []
    tags = ", ".join(each.replace(",", " ").strip() for each in wanted.tags)[:400]
    if tags.strip(", "):
        found.append(("tags", {"add": tags}))
    if wanted.priority is not None:
        found.append(("priority", {"priority": str(wanted.priority)}))
    if wanted.assign is not None:
        found.append(("assign", {"assignee": "me" if wanted.assign == "me" else ""}))
    if wanted.snooze is not None:
        found.append(("snooze", {"until": wanted.snooze}))
    if wanted.close:
        found.append(("close", {}))
    return found


def _reply(view: ReplyView) -> dict[str, Any]:
    return {
        "id": view.id,
        "shortcut": view.shortcut,
        "name": view.name,
        "texts": dict(view.texts),
        "stage": view.stage_id,
        "revision": view.revision,
    }


def _macro(view: MacroView) -> dict[str, Any]:
    done = dict(view.deeds)
    priority = done.get("priority", {}).get("priority")
    assign = done.get("assign")
    return {
        "id": view.id,
        "name": view.name,
        "texts": dict(view.texts),
        "deeds": {
            "tags": [tag.strip() for tag in done.get("tags", {}).get("add", "").split(",") if tag.strip()],
            "priority": int(priority) if priority else None,
            "assign": None if assign is None else ("me" if assign.get("assignee") == "me" else "nobody"),
            "snooze": done.get("snooze", {}).get("until"),
            "close": "close" in done,
        },
        "revision": view.revision,
    }
