"""What stops a step of the catalogue besides what stops any step."""

from __future__ import annotations

from pelita.base.errors import InvalidError, StepError
from pelita.catalog.judging import Comparison


class WorseError(StepError):
    """With this version citizens would be answered worse. Whoever publishes must have seen it and say so."""

    def __init__(self, comparison: Comparison) -> None:
        super().__init__("Dengan versi ini warga dijawab lebih buruk. Periksa kalimatnya, lalu putuskan.")
        self.comparison = comparison


class KnownSentenceError(InvalidError):
    """The set holds this sentence already."""

    def __init__(self) -> None:
        super().__init__("text", "Kalimat ini sudah ada dalam kumpulan.")
