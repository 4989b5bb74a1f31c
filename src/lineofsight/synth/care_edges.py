"""What happens to some looked-after children beside: they come back into care, and they go missing."""

from collections.abc import Sequence
from dataclasses import replace

from lineofsight.synth.care import Care, write_return
from lineofsight.synth.care_life import write_care_life, write_missing
from lineofsight.synth.chance import generator
from lineofsight.synth.journeys import Journey
from lineofsight.synth.lateness import Lateness
from lineofsight.synth.scene import Scene

_COME_BACK = 0.3  # of those who went home while the family was still helped
_GO_MISSING = 0.25  # of those of an age for it, beside the ones who do anyway


def write_care_edges(scene: Scene, lived: Sequence[tuple[Journey, Care]], seed: int) -> None:
    """Rows of their own draws: nothing written before them changes."""
    apart = replace(
        scene,
        late=Lateness(seed + 2),
        random=generator(seed, "care edges"),
        side=generator(seed, "care edges, side tables"),
        side_late=Lateness(seed + 3),
    )
    period = scene.period
    for journey, care in lived:
        if not care.went_missing:
            write_missing(apart, care, _GO_MISSING)
        room = min(journey.close, period.last) - care.end
        went_home = journey.leaving == "home" and care.end >= period.start and room > 9
        if went_home and apart.random.random() < _COME_BACK:
            back = write_return(apart, journey, care, care.end + apart.random.randrange(2, 7))
            write_care_life(apart, journey, back)
