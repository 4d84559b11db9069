"""A difference between a segment and all other customers, as a sentence."""

from django.utils.translation import gettext as _

from parcours.core.formats import share
from parcours.events.channels import channel_label
from parcours.insights.lens import CHANNEL, LEAVE, ON, REACH, TOUCHPOINT, Standout


def sentence(found: Standout) -> str:
    """“Baby boomers: 46 % use the phone; 12 % of all others do.”"""
    words = {
        REACH: _("{who}: {share} reach {stage}; of all others {others}."),
        ON: _("{who}: {share} go on from {stage}; of all others {others}."),
        LEAVE: _("{who}: for {share} nothing more happens after {stage}; of all others for {others}."),
        TOUCHPOINT: _("{who}: in {stage}, {share} meet “{thing}”; of all others {others}."),
        CHANNEL: _("{who}: {share} use “{thing}”; of all others {others}."),
    }[found.row.kind]
    thing = channel_label(found.row.thing) if found.row.kind == CHANNEL else found.row.name
    return words.format(
        who=found.column.name,
        share=share(found.cell.share),
        others=share(found.cell.others),
        stage=found.stage_name,
        thing=thing,
    )
