"""The scripted jam tells what an engine could have told, and what painting costs can be measured with it."""

import pytest

from cocomposer.jam import outputs
from ui.bench import paint
from ui.bench.options import Options
from ui.bench.scripted_jam import TURN_TICKS, ScriptedJam, part
from ui.bench.session_states import told_all
from ui.presenters.session import Session


def test_the_script_becomes_takes_whose_notes_are_on_the_timeline() -> None:
    jam = ScriptedJam(50.0)
    session = told_all(Session(), [*jam.beginning(), *jam.news(jam.seconds_at(2 * TURN_TICKS) - 1e-4)])
    takes = session.document.takes
    assert len(takes) == 2
    for number, take in enumerate(takes):
        first = number * TURN_TICKS
        sounded = session.document.timeline.notes(first, first + TURN_TICKS)
        assert [(n.onset_tick, n.pitch) for n in sounded] == [(n.onset_tick, n.pitch) for n in take.notes]
    assert takes[0].phrase == part(0, 1)


def test_news_come_in_order_and_once() -> None:
    jam, again = ScriptedJam(0.0), ScriptedJam(0.0)
    bit_by_bit = [news for step in range(1, 200) for news in jam.news(step * 0.1)]
    assert bit_by_bit == again.news(19.9)
    heard = [news.at_seconds for news in bit_by_bit if isinstance(news, outputs.Heard)]
    assert heard == sorted(heard) and len(heard) > 50


@pytest.mark.usefixtures("qapp")
def test_what_painting_costs_is_measured() -> None:
    figures = paint.measure(Options(seconds=1.0, tell=lambda _line: None))
    assert figures["paint_frames"] >= 10
    assert 0 < figures["paint_ms_p50"] <= figures["paint_ms_p99"] <= figures["paint_ms_max"]
    assert figures["paint_following_frames"] >= 10
