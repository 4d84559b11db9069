"""The only writers of the canvas: each checks the right and is one transaction."""

from parcours.canvas.writes.axes import (
    add_lane,
    add_stage,
    edit_lane,
    edit_stage,
    move_lane,
    move_stage,
    remove_lane,
    remove_stage,
    restore_lane,
    restore_stage,
)
from parcours.canvas.writes.card_copies import copy_card
from parcours.canvas.writes.cards import add_card, delete_card, edit_card, move_card, restore_card
from parcours.canvas.writes.copies import draw_to_be, duplicate_journey, make_current, undo_make_current
from parcours.canvas.writes.drawings import draw_journey, draw_journeys
from parcours.canvas.writes.journeys import create_journey, delete_journey, edit_journey, restore_journey
from parcours.canvas.writes.leases import release_lease, take_lease
from parcours.canvas.writes.personas import (
    add_persona,
    duplicate_persona,
    edit_persona,
    remove_persona,
    restore_persona,
)
from parcours.canvas.writes.pictures import add_picture
from parcours.canvas.writes.plans import (
    remove_examples,
    remove_template,
    restore_examples,
    restore_template,
    save_as_template,
)
from parcours.canvas.writes.touchpoints import (
    add_touchpoint,
    edit_touchpoint,
    move_touchpoint,
    remove_touchpoint,
    restore_touchpoint,
)

__all__ = [
    "add_card",
    "add_lane",
    "add_persona",
    "add_picture",
    "add_stage",
    "add_touchpoint",
    "copy_card",
    "create_journey",
    "delete_card",
    "delete_journey",
    "draw_journey",
    "draw_journeys",
    "draw_to_be",
    "duplicate_journey",
    "duplicate_persona",
    "edit_card",
    "edit_journey",
    "edit_lane",
    "edit_persona",
    "edit_stage",
    "edit_touchpoint",
    "make_current",
    "move_card",
    "move_lane",
    "move_stage",
    "move_touchpoint",
    "release_lease",
    "remove_examples",
    "remove_lane",
    "remove_persona",
    "remove_stage",
    "remove_template",
    "remove_touchpoint",
    "restore_card",
    "restore_examples",
    "restore_journey",
    "restore_lane",
    "restore_persona",
    "restore_stage",
    "restore_template",
    "restore_touchpoint",
    "save_as_template",
    "take_lease",
    "undo_make_current",
]
