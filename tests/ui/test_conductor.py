"""What the conductor makes of each action: what is said to the engine, what changes in the document and the session."""

from collections.abc import Sequence

import msgspec
import pytest

from cocomposer.document.document import Document, Fact
from cocomposer.document.edits import ChangeSettings, RenameTake
from cocomposer.document.takes import KeptTake, TakeKind
from cocomposer.jam import inputs, outputs
from cocomposer.jam.outputs import Mode
from cocomposer.jam.settings import Settings, Trigger, TriggerKind
from cocomposer.music.grid import BeatSource
from cocomposer.music.note import Note
from cocomposer.runtime import news as told
from cocomposer.runtime.news import FromFront
from ui.conductor import Conductor
from ui.presenters.actions import ACTIONS
from ui.presenters.session import Session

PHRASE = (Note(0, 60, 24, 80), Note(48, 64, 24, 80), Note(96, 67, 40, 80))
ANSWER = (Note(192, 72, 24, 80), Note(240, 71, 24, 80), Note(288, 67, 24, 80), Note(336, 64, 40, 80))
TAKE = outputs.Take(1, PHRASE, ANSWER, 120.0, True, 0, 4, 7, False)


def hello(
    session: str = "one", position: int = 0, settings: Settings | None = None, remembers: bool = False
) -> told.Hello:
    settings = settings or Settings()
    options = told.Options("models/live", settings=settings)
    return told.Hello(
        session, 1, "facts", position, 0.0, "2026-01-01T00:00:00+00:00", Mode.LISTENING, settings, options,
        remembers=remembers,
    )  # fmt: skip


class Stage:
    """A conductor with an engine that only writes down what it is told."""

    def __init__(self) -> None:
        self.said: list[FromFront] = []
        self.now = 0.0
        self.there = True
        self.facts: dict[str, Sequence[Fact]] = {}
        self.session = Session()
        self.conductor = Conductor(self.session, self._send, lambda: self.now, self._read)

    def _send(self, command: FromFront) -> bool:
        if self.there:
            self.said.append(command)
        return self.there

    def _read(self, log: str, first: int, end: int) -> Sequence[Fact]:
        return self.facts.get(log, ())[first:end]

    def beat(self, source: BeatSource = BeatSource.SET) -> None:
        self.conductor.take_in(outputs.BeatChanged(0.0, 0.0, 0.5 / 48, source, True, 0, 4))

    def play(self, at: float, pitch: int, seconds: float = 0.2) -> None:
        """The player strikes a key, at 120 BPM from tick 0 at second 0."""
        self.conductor.take_in(outputs.Heard(at, pitch, 80, 0, at * 96))
        self.conductor.take_in(outputs.Released(at + seconds, pitch, 0, (at + seconds) * 96))
        self.now = at + seconds

    @property
    def takes(self) -> tuple[KeptTake, ...]:
        return self.session.document.takes


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.conductor.take_in(hello())
    stage.beat()
    return stage


@pytest.fixture
def taken(stage: Stage) -> Stage:
    stage.conductor.take_in(TAKE)
    return stage


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("listen", inputs.Listen()),
        ("answer", inputs.TakeOver()),
        ("stop", inputs.Rest()),
        ("panic", inputs.Panic()),
        ("forget", inputs.Reset()),
        ("tap", inputs.Tap(3.5)),
        ("play_stop", inputs.TakeOver()),
        ("sound", told.SetSound(True, 0.7)),
    ],
)
def test_plain_actions_are_said_to_the_engine(stage: Stage, action: str, said: FromFront) -> None:
    stage.now = 3.5
    assert stage.conductor.act(action)
    assert stage.said == [said]


@pytest.mark.parametrize("mode", [Mode.ARMED, Mode.ANSWERING])
def test_one_key_both_answers_and_stops(stage: Stage, mode: Mode) -> None:
    stage.conductor.take_in(outputs.ModeChanged(mode, 0.0))
    stage.conductor.act("play_stop")
    assert stage.said == [inputs.StopAnswer()]


def test_without_an_engine_the_musician_is_told(stage: Stage) -> None:
    stage.there = False
    stage.conductor.act("answer")
    assert "started" in stage.session.notices[-1].sentence


def test_what_opens_a_dialog_is_not_the_conductors(stage: Stage) -> None:
    assert not stage.conductor.act("open")
    assert not stage.said


def test_a_recording_is_all_that_sounded_between_two_presses(stage: Stage) -> None:
    stage.play(0.0, 50)
    stage.now = 1.0
    stage.conductor.act("record")
    stage.play(1.5, 60)
    stage.conductor.take_in(outputs.Play(1, 1, Note(240, 72, 24, 80), 2.5, 2.75))
    stage.now = 4.0
    stage.conductor.act("record")
    (take,) = stage.takes
    assert take.kind is TakeKind.RECORDING
    assert [note.pitch for note in take.phrase] == [60]
    assert [note.pitch for note in take.answer] == [72]
    assert stage.session.recording_from is None


def test_an_empty_recording_keeps_nothing_and_says_so(stage: Stage) -> None:
    stage.conductor.act("record")
    stage.conductor.act("record")
    assert not stage.takes
    assert "Nothing was played" in stage.session.notices[-1].sentence


@pytest.mark.parametrize(
    ("action", "pitches"), [("capture_phrase", [62, 64]), ("capture", [60, 62, 64]), ("capture_all", [48, 60, 62, 64])]
)
def test_capture_takes_what_nobody_recorded(stage: Stage, action: str, pitches: list[int]) -> None:
    stage.play(0.0, 48)
    stage.play(20.0, 60)
    stage.play(30.0, 62)
    stage.play(30.5, 64)
    stage.conductor.act(action)
    (take,) = stage.takes
    assert [note.pitch for note in take.phrase] == pitches
    assert stage.session.selected == take.id


def test_settings_changed_by_hand_are_said_and_undone(stage: Stage) -> None:
    stage.conductor.edit(ChangeSettings({"creativity": 0.95}, {"creativity": 1.2}))
    stage.conductor.act("undo")
    stage.conductor.act("redo")
    assert stage.said == [inputs.Change({"creativity": value}) for value in (1.2, 0.95, 1.2)]


def test_undo_with_nothing_done_says_nothing(stage: Stage) -> None:
    stage.conductor.act("undo")
    stage.conductor.act("redo")
    assert not stage.said


def test_star_delete_undo(taken: Stage) -> None:
    taken.conductor.act("star")
    assert taken.takes[0].starred
    taken.conductor.act("delete")
    assert not taken.takes and taken.session.selected is None
    taken.conductor.act("undo")
    assert taken.takes[0].starred
    taken.conductor.act("undo")
    assert not taken.takes[0].starred


def test_a_new_take_is_selected(taken: Stage) -> None:
    assert taken.session.selected == taken.takes[0].id
    taken.conductor.take_in(outputs.Take(2, PHRASE, ANSWER, 120.0, True, 0, 4, 7, False))
    assert taken.session.selected == taken.takes[1].id
    taken.conductor.act("previous_take")
    assert taken.session.selected == taken.takes[0].id
    taken.conductor.act("previous_take")
    assert taken.session.selected == taken.takes[0].id


def test_a_take_is_played_and_stopped_by_one_key(taken: Stage) -> None:
    taken.conductor.act("play_take")
    (said,) = taken.said
    assert isinstance(said, inputs.Audition) and said.notes == (*PHRASE, *ANSWER)
    taken.conductor.take_in(outputs.AuditionBegan(said.name, 0.0, 0, 0.01, 9.0))
    taken.conductor.act("play_take")
    assert taken.said[1:] == [inputs.Audition("", (), 120.0)]


def test_compare_marks_b_then_plays_the_other(taken: Stage) -> None:
    taken.conductor.act("compare")
    taken.conductor.take_in(outputs.Take(2, PHRASE, ANSWER[:2], 120.0, True, 0, 4, 8, False))
    first, second = taken.takes
    assert taken.session.compared == first.id
    heard = []
    for _ in range(3):
        taken.conductor.act("compare")
        said = taken.said[-1]
        assert isinstance(said, inputs.Audition)
        heard.append(said.name)
        taken.conductor.take_in(outputs.AuditionBegan(said.name, 0.0, 0, 0.01, 9.0))
    assert heard == [second.id, first.id, second.id]


def test_an_answer_becomes_the_next_phrase(taken: Stage) -> None:
    taken.conductor.act("use_as_phrase")
    assert taken.said == [inputs.Offer(ANSWER, answer=True)]


def asked(stage: Stage) -> list[inputs.Imagine]:
    return [one for one in stage.said if isinstance(one, inputs.Imagine)]


def test_answering_again_asks_for_four_and_shows_them_as_they_come(taken: Stage) -> None:
    taken.conductor.act("again")
    requests = asked(taken)
    assert len(requests) == 4 and len({one.seed for one in requests}) == 4
    alternatives = taken.session.alternatives
    assert alternatives is not None and alternatives.waiting == 4
    taken.conductor.take_in(outputs.Alternative(requests[2].request, requests[2].seed, ANSWER[:2]))
    taken.conductor.take_in(outputs.Alternative(requests[0].request, requests[0].seed, (), "It was not drawn."))
    assert alternatives.answers == {2: ANSWER[:2]}
    assert alternatives.waiting == 2
    taken.conductor.act("audition_3")
    said = taken.said[-1]
    assert isinstance(said, inputs.Audition) and said.notes == ANSWER[:2]
    taken.conductor.act("again")
    assert {one.seed for one in asked(taken)[4:]}.isdisjoint({one.seed for one in requests})
    taken.conductor.act("close_alternatives")
    assert taken.session.alternatives is None and taken.said[-1] == inputs.GiveUp()


def test_kept_bars_stay_and_each_gap_hears_the_one_before(stage: Stage) -> None:
    answer = tuple(Note(192 + 96 * place, 60 + place, 48, 80) for place in range(8))
    stage.conductor.take_in(outputs.Take(1, PHRASE, answer, 120.0, True, 0, 4, 7, False))
    stage.conductor.alternatives.regenerate(stage.takes[0], frozenset({1}))
    (first,) = asked(stage)
    drawn = Note(first.first_tick, 90, 24, 80)
    stage.conductor.take_in(outputs.Alternative(first.request, first.seed, (drawn,)))
    _, second = asked(stage)
    assert drawn in second.heard and second.first_tick >= 192 * 3
    last = Note(second.first_tick, 91, 24, 80)
    stage.conductor.take_in(outputs.Alternative(second.request, second.seed, (last,)))
    alternatives = stage.session.alternatives
    assert alternatives is not None
    assert alternatives.answers[0] == (drawn, answer[2], answer[3], last)


def test_nothing_to_do_without_a_take(stage: Stage) -> None:
    for action in ("play_take", "star", "delete", "again", "compare", "use_as_phrase", "next_take", "audition_1"):
        stage.conductor.act(action)
    assert not stage.said
    assert "no take yet" in stage.session.notices[-1].sentence


def test_a_window_that_comes_back_knows_all_that_happened_meanwhile(stage: Stage) -> None:
    played: list[Fact] = [outputs.Heard(1.0, 60, 80, 0, 96.0), outputs.Released(1.5, 60, 0, 144.0), TAKE]
    stage.facts["facts"] = played
    stage.conductor.take_in(outputs.Heard(1.0, 60, 80, 0, 96.0))
    stage.conductor.take_in(hello(position=3))
    assert len(stage.takes) == 1
    assert stage.session.document.timeline.count == 1
    stage.conductor.take_in(hello(position=3))
    assert len(stage.takes) == 1


def test_a_new_engine_hears_what_the_jam_was_about(taken: Stage) -> None:
    taken.play(1.0, 60)
    wanted = Settings(creativity=1.5)
    taken.conductor.take_in(outputs.SettingsChanged(wanted))
    taken.session.engine_lost("The engine has ended.")
    taken.facts["facts"] = [outputs.SettingsChanged(Settings())]
    taken.conductor.take_in(hello("two", position=1))
    assert taken.said[0] == inputs.Change(msgspec.to_builtins(wanted))
    (offer,) = [said for said in taken.said if isinstance(said, inputs.Offer)]
    assert offer.reference and not offer.answer
    assert [note.pitch for note in offer.notes] == [60]
    assert len(taken.takes) == 1


def test_an_engine_that_remembers_something_else_is_left_as_it_is(taken: Stage) -> None:
    taken.play(1.0, 60)
    taken.session.engine_lost("The engine has ended.")
    taken.conductor.take_in(hello("two", remembers=True))
    assert not taken.said


def opened() -> Document:
    """A jam as it comes from a file."""
    document = Document()
    document.join("long ago", "2026-01-01T00:00:00+00:00")
    document.happened(outputs.Heard(0.0, 50, 80, 0, 0.0))
    document.happened(outputs.Released(0.5, 50, 0, 48.0))
    document.happened(outputs.Heard(0.5, 52, 80, 0, 48.0))
    document.happened(outputs.Released(0.7, 52, 0, 64.0))
    document.happened(outputs.Heard(0.6, 55, 80, 0, 56.0))
    document.happened(outputs.SettingsChanged(Settings(creativity=1.5)))
    document.leave()
    return document


def test_a_jam_from_a_file_goes_on_in_the_engine_that_comes() -> None:
    fresh = Stage()
    fresh.there = False
    fresh.conductor.begin(opened(), "a.cocojam", None)
    fresh.conductor.go_on()
    assert not fresh.session.notices
    fresh.there = True
    fresh.conductor.take_in(hello(position=1))
    change, offer = fresh.said
    assert isinstance(change, inputs.Change) and change.changes["creativity"] == 1.5
    assert "bindings" not in change.changes
    assert isinstance(offer, inputs.Offer) and [note.pitch for note in offer.notes] == [50, 52, 55]
    assert offer.notes[2].duration_ticks == 12, "the key came up when the file was saved"


def test_a_jam_from_a_file_takes_the_place_of_what_the_engine_played(stage: Stage) -> None:
    stage.play(1.0, 60)
    stage.conductor.begin(opened(), "a.cocojam", None)
    stage.conductor.go_on()
    reset, change, offer = stage.said
    assert reset == inputs.Reset() and isinstance(change, inputs.Change) and isinstance(offer, inputs.Offer)
    assert [note.pitch for note in offer.notes] == [50, 52, 55]


def test_an_answer_that_is_cut_by_another_jam_is_no_take_of_that(stage: Stage) -> None:
    stage.conductor.take_in(outputs.Play(1, 1, ANSWER[0], 2.0, 2.25))
    stage.now = 2.1
    stage.conductor.begin(Document(), None, None)
    stage.conductor.take_in(outputs.Take(1, PHRASE, ANSWER[:1], 120.0, True, 0, 4, 7, True))
    assert not stage.takes and stage.session.selected is None
    later = tuple(Note(note.onset_tick + 192, note.pitch, 24, 80) for note in ANSWER)
    stage.conductor.take_in(outputs.Take(2, PHRASE, later, 120.0, True, 0, 4, 7, False))
    assert len(stage.takes) == 1


def test_what_was_being_drawn_fails_with_the_engine(taken: Stage) -> None:
    taken.conductor.act("again")
    requests = asked(taken)
    taken.conductor.take_in(outputs.Alternative(requests[1].request, requests[1].seed, ANSWER))
    taken.session.engine_lost("The engine has ended.")
    alternatives = taken.session.alternatives
    assert alternatives is not None and alternatives.waiting == 0
    assert set(alternatives.failures) == {0, 2, 3} and set(alternatives.answers) == {1}
    taken.conductor.take_in(outputs.Alternative(requests[0].request, requests[0].seed, ANSWER))
    assert alternatives.waiting == 0 and set(alternatives.failures) == {2, 3}


def test_without_an_engine_nothing_is_waited_for(taken: Stage) -> None:
    taken.there = False
    taken.conductor.act("again")
    taken.conductor.alternatives.regenerate(taken.takes[0], frozenset())
    assert taken.session.alternatives is None
    (notice,) = taken.session.notices
    assert "started" in notice.sentence


def test_a_controller_asks_for_what_only_the_window_can_do(stage: Stage) -> None:
    assert stage.conductor.take_in(outputs.Triggered("window:star", 1.0)) == "star"


def test_the_light_of_a_bound_action_follows_it(taken: Stage) -> None:
    bound = Settings(bindings={"window:star": Trigger(TriggerKind.NOTE, 36)})
    taken.conductor.take_in(outputs.SettingsChanged(bound))
    taken.conductor.act("star")
    assert taken.said[-1] == inputs.Show("window:star", 1.0)
    taken.conductor.act("undo")
    assert taken.said[-1] == inputs.Show("window:star", 0.0)


def test_edits_of_panels_reach_the_document(taken: Stage) -> None:
    taken.conductor.edit(RenameTake(taken.takes[0].id, "the good one"))
    assert taken.takes[0].name == "the good one" and taken.session.unsaved


def test_each_id_is_there_once() -> None:
    ids = [action.id for action in ACTIONS]
    keys = [key for action in ACTIONS for key in action.keys]
    assert len(ids) == len(set(ids)) and len(keys) == len(set(keys))
