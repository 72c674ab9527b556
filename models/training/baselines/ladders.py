"""Which contexts the n-gram counts in: for each field some ladders of columns (see `features`). Knows only names.

The first steps lean on all music, the kind of music joins after them, so that a kind with few pieces still learns from
the others; pitch is counted relative to the note before (in every key) by all ladders but one.
"""

from dataclasses import dataclass

from models.training.baselines.counting import Steps


@dataclass(frozen=True, slots=True)
class Ladder:
    """What is counted, the column `symbol` (an interval stands for a pitch), after which context."""

    symbol: str
    steps: Steps


def _ladder(symbol: str, words: str) -> Ladder:
    """From words such as "pitch:2": the column pitch two notes back; a bare word is of the note itself."""
    steps = [word.partition(":") for word in words.split()]
    return Ladder(symbol, tuple((name, int(back or 0)) for name, _, back in steps))


LADDERS: dict[str, tuple[Ladder, ...]] = {
    "onset": (
        _ladder("onset", "duration:1 style onset:1 phase:1 beat:1 duration:2 onset:2 duration:3 onset:3 onset:4"),
        _ladder("onset", "end_1:1 style rank:1 gap_1:1 phase:1 chord_size:1 end_2:1 beat:1 gap_2:1"),
        _ladder("onset", "gap_1:1 style rank:1 chord_size:1 phase:1 gap_2:1 beat:1 gap_3:1 gap_4:1"),
        _ladder("onset", "onset_region:1 style onset_region:2 sixteenth:1 onset_region:3 onset_region:4 rank:1"),
        _ladder("onset", "style pitch:1 sixteenth:1 together:1 pitch:2 phase:1 beat:1 onset_region:1"),
    ),
    "pitch": (
        _ladder(
            "interval", "together interval:1 style together:1 interval:2 interval:3 interval:4 interval:5 interval:6"
        ),
        _ladder("interval", "together voice_1 style interval:1 voice_2 interval:2 voice_3 interval:3 interval:4"),
        _ladder("interval", "together above style rank heard_4 interval:1 heard_8 interval:2"),
        _ladder("interval", "together heard_4 style interval:1 heard_8 voice_1 heard_16 interval:2"),
        _ladder("pitch", "style together pitch:1 sixteenth pitch:2 beat pitch:3 phase pitch:4 pitch:5"),
        _ladder("interval", "voice_1 together style rank voice_2 chord_size gap_1 voice_3 interval:1"),
    ),
    "duration": (
        _ladder("duration", "duration:1 together style onset phase duration:2 beat interval duration:3 onset:1"),
        _ladder("duration", "together voice_duration style onset phase duration:1 gap_2 beat duration:2"),
        _ladder("duration", "onset_region style duration_region:1 sixteenth duration_region:2 rank onset_region:1"),
        _ladder("duration", "style pitch together same_duration sixteenth duration:1 beat pitch:1"),
        _ladder("duration", "end_1:1 onset style rank phase duration:1 voice_duration beat"),
    ),
    "velocity": (
        _ladder("velocity", "velocity:1 together style velocity:2 velocity:3 interval velocity:4 phase"),
        _ladder("velocity", "style pitch sixteenth same_velocity together beat velocity:1 phase velocity:2"),
        _ladder("velocity", "velocity:1 voice_velocity style rank velocity:2 sixteenth duration_region interval"),
        _ladder("velocity", "style sixteenth beat velocity:1 onset_region pitch pitch:1 velocity:2"),
    ),
    "pedal": (
        _ladder("pedal", "pedal:1 together style onset pedal:2 pedal:3 pedal:4 phase duration"),
        _ladder("pedal", "pedal:1 together pedal_age:1 style onset_region rank chord_size interval"),
        _ladder("pedal", "pedal:1 together style sixteenth beat pedal_age:1 onset_region duration_region"),
    ),
}
