"""Understanding what citizens write. Pure: texts in, readings out; the catalogue it knows is given to it."""

from pelita.catalog.understanding.features import remembered
from pelita.catalog.understanding.knowledge import Knowledge, KnownSection, KnownService
from pelita.catalog.understanding.reader import Reader, compiled
from pelita.catalog.understanding.reading import Outcome, RankedSection, RankedService, Reading, Signal

__all__ = [
    "Knowledge",
    "KnownSection",
    "KnownService",
    "Outcome",
    "RankedSection",
    "RankedService",
    "Reader",
    "Reading",
    "Signal",
    "compiled",
    "remembered",
]
