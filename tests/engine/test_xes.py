import gzip
from pathlib import Path

import pytest

from parcours.engine import EventLog, TimesError, UnreadableSourceError

EVENT = '<event><string key="concept:name" value="{}"/><date key="time:timestamp" value="{}"/>{}</event>'


def event(name: str, time: str = "2026-01-01T00:00:00+01:00", more: str = "") -> str:
    return EVENT.format(name, time, more)


def trace(name: str, *events: str, more: str = "") -> str:
    return f'<trace><string key="concept:name" value="{name}"/>{more}{"".join(events)}</trace>'


def write(path: Path, *traces: str, attributes: str = "") -> Path:
    path.write_text(f"<?xml version='1.0'?><log {attributes}>{''.join(traces)}</log>", encoding="utf-8")
    return path


def test_events_and_traces_keep_their_attributes(tmp_path: Path) -> None:
    path = write(
        tmp_path / "log.xes",
        trace(
            "1",
            event(
                "pay",
                "2026-01-02T00:00:00Z",
                '<string key="org:resource" value="Ana"/><int key="n" value="3"/>',
            ),
            event(
                "order",
                "2026-01-01T23:00:00Z",
                '<boolean key="ok" value="true"/><float key="n" value="1.5"/>',
            ),
            more='<string key="segment" value="gold"/>',
        ),
        trace("2", event("order", more='<string key="lifecycle:transition" value="start"/>')),
    )

    log = EventLog.read(path)

    assert log.customers.to_pylist() == ["1", "2"]
    assert log.labels_at(log.offsets[:-1]).to_pylist() == ["order", "order"]
    assert {name: log.column(name).arrow.to_pylist() for name in log.columns} == {
        "case:segment": ["gold", "gold", None],
        "org:resource": [None, "Ana", None],
        "n": [1.5, 3, None],
        "ok": [True, None, None],
        "lifecycle:transition": [None, None, "start"],
    }


def test_namespaces_nested_attributes_lists_and_comments_are_tolerated(tmp_path: Path) -> None:
    nested = (
        '<!-- a comment --><string key="product" value="shoe"><int key="size" value="42"/></string>'
        '<list key="many"><values><string key="x" value="y"/></values></list><unknown key="z" value="1"/>'
    )
    path = write(
        tmp_path / "log.xes",
        '<extension name="Concept" prefix="concept" uri="http://x"/><global scope="event"/>',
        trace("1", event("order", more=nested)),
        attributes='xmlns="http://www.xes-standard.org/" xes.version="2.0"',
    )

    log = EventLog.read(path)

    assert log.column("product").arrow.to_pylist() == ["shoe"]
    assert list(log.columns) == ["product"]


def test_a_packed_file_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    plain = write(tmp_path / "log.xes", trace("1", event("order")))
    packed = tmp_path / "other.xes"
    packed.write_bytes(gzip.compress(plain.read_bytes()))

    assert len(EventLog.read(packed)) == 1


def test_traces_of_one_name_are_one_customer(tmp_path: Path) -> None:
    path = write(
        tmp_path / "log.xes",
        trace("1", event("b", "2026-01-02T00:00:00Z")),
        trace("2", event("x")),
        trace("1", event("a", "2026-01-01T00:00:00Z")),
    )

    assert EventLog.read(path).variants().to_pylist() == [
        {"variant": ["a", "b"], "customers": 1},
        {"variant": ["x"], "customers": 1},
    ]


def test_the_customer_can_be_another_attribute(tmp_path: Path) -> None:
    path = write(tmp_path / "log.xes", trace("1", event("order"), more='<string key="client" value="Mark"/>'))

    assert EventLog.read(path, customer="case:client").customers.to_pylist() == ["Mark"]


def test_an_event_without_a_time_is_named(tmp_path: Path) -> None:
    bare = '<event><string key="concept:name" value="order"/></event>'
    path = write(tmp_path / "log.xes", trace("case 9", event("order"), "\n" + bare))

    with pytest.raises(TimesError, match="line 2: event 2 of trace “case 9” has no time:timestamp"):
        EventLog.read(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<log><trace>", "not well-formed"),
        ("<log></log>", "has no events"),
        ("<html><body/></html>", "has no events"),
        ("not xml", "not well-formed"),
        ('<log><trace><event><int key="n" value="three"/></event></trace></log>', "said to be int"),
    ],
)
def test_what_is_no_log_is_refused(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text(content)

    with pytest.raises(UnreadableSourceError, match=message):
        EventLog.read(path)


def test_nothing_outside_of_the_file_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    path = tmp_path / "log.xes"
    body = trace("1", event("order", more='<string key="note" value="v"/>&x;'))
    path.write_text(f'<!DOCTYPE log [<!ENTITY x SYSTEM "{secret.as_uri()}">]><log>{body}</log>')

    log = EventLog.read(path)

    assert log.column("note").arrow.to_pylist() == ["v"]
