"""Charts on slides: real ones, whose numbers can be changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from parcours.canvas.exports.curve import said
from parcours.canvas.exports.sheet import Sheet, SheetRow

if TYPE_CHECKING:
    from pptx.slide import Slide


@dataclass(frozen=True, slots=True)
class _Columns:
    """Columns by stage; `form` is the format of the numbers, `top` and `high` are where it stands, in cm."""

    title: str
    values: Sequence[float | None]
    form: str
    top: float
    high: float


def add_customers(slide: "Slide", sheet: Sheet) -> None:
    """Customers by stage, and below them the share who go on."""
    shares = [stage.share for stage in sheet.stages]
    known = any(share is not None for share in shares)
    customers = [stage.customers for stage in sheet.stages]
    names = [stage.name for stage in sheet.stages]
    _columns(slide, names, _Columns(_("Customers"), customers, "#,##0", 2.2, 7.8 if known else 15.5))
    if known:
        title = _("Share who go on to the next stage")
        _columns(slide, names, _Columns(title, shares, "0%", 10.4, 7.8))


def _columns(slide: "Slide", names: list[str], drawn: _Columns) -> None:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Cm, Pt

    data = CategoryChartData(number_format=drawn.form)
    data.categories = names
    data.add_series(drawn.title, drawn.values)
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(1), Cm(drawn.top), Cm(31.8), Cm(drawn.high), data
    )
    describe(frame, drawn.title)
    chart = frame.chart
    _plain(chart, drawn.title)
    plot = chart.plots[0]
    plot.gap_width = 60
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.font.size = Pt(12)
    labels.number_format, labels.number_format_is_linked = drawn.form, False
    chart.value_axis.visible = False
    chart.value_axis.minimum_scale = 0
    chart.value_axis.has_major_gridlines = False


def add_feelings(slide: "Slide", row: SheetRow, sheet: Sheet) -> None:
    """The curve of a row of emotions, from very unhappy to very happy."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION
    from pptx.util import Cm

    data = CategoryChartData(number_format="+0;−0;0")
    data.categories = [f"{sheet.stages[stage].name}: {card.title}" for stage, card in row.points]
    data.add_series(row.name, [card.level for _stage, card in row.points])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, Cm(1), Cm(2.2), Cm(31.8), Cm(15.5), data)
    describe(frame, said(row, sheet))
    chart = frame.chart
    _plain(chart, row.name)
    chart.plots[0].series[0].smooth = True
    chart.plots[0].has_data_labels = True
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = -100, 100
    chart.value_axis.major_unit = 50
    chart.value_axis.tick_labels.number_format = "+0;−0;0"
    chart.value_axis.tick_labels.number_format_is_linked = False
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW


def _plain(chart: Any, title: str) -> None:
    from pptx.util import Pt

    chart.has_legend = False
    chart.has_title = True
    chart.chart_title.text_frame.text = title
    chart.chart_title.text_frame.paragraphs[0].font.size = Pt(14)
    chart.font.size = Pt(12)


def describe(shape: Any, words: str) -> None:
    """Words for those who can't see it."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", words)  # noqa: SLF001 - no other way to it
