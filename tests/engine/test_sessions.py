from hypothesis import given
from hypothesis import strategies as st

from tests.engine.journeys import SECOND, Journey, journeys, log_of, spelled


def visits(journey: Journey, gap: int) -> list[Journey]:
    found: list[Journey] = []
    for place, event in enumerate(journey):
        if place == 0 or event[0] - journey[place - 1][0] > gap:
            found.append([])
        found[-1].append(event)
    return found


@given(journeys(), st.integers(0, 3))
def test_a_session_ends_with_a_pause_longer_than_the_gap(made: list[Journey], gap: int) -> None:
    expected = [
        {
            "customer": customer,
            "session": number,
            "start": visit[0][0],
            "end": visit[-1][0],
            "events": len(visit),
            "first_activity": visit[0][1],
            "last_activity": visit[-1][1],
        }
        for customer, journey in enumerate(made)
        for number, visit in enumerate(visits(journey, gap), start=1)
    ]

    table = log_of(made).sessions(gap)

    found = table.to_pylist()
    for row in found:
        row["start"], row["end"] = (int(row[key].timestamp()) for key in ("start", "end"))
    assert found == expected
    assert str(table.schema.field("start").type) == "timestamp[us, tz=UTC]"


def test_half_an_hour_is_the_usual_gap() -> None:
    log = log_of([[(0, "A"), (1800, "B"), (3601, "C")]])

    assert log.sessions()["events"].to_pylist() == [2, 1]
    assert log.time[1] == 1800 * SECOND


def test_an_empty_log_has_no_sessions() -> None:
    assert log_of([]).sessions().num_rows == 0
    assert log_of(spelled("")).sessions().num_rows == 0
