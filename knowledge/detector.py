"""Tells which language a message is in, where that is sure; most short messages leave it open."""

from typing import Protocol

# What customers of one house write; fewer candidates make short texts surer. Labels of py3langid.
_CANDIDATES = (
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hi", "hr", "hu", "id",
    "it", "ja", "ko", "lt", "lv", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th",
    "tr", "uk", "vi", "zh",
)  # fmt: skip
_SURE = 0.8
# Latin letters need some text; other scripts tell by themselves.
_SHORTEST_LATIN = 8
_LONGEST = 1000
_LATIN = "\u024f"


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


class LanguageDetector:
    """Loads its model (0.4 s) at the first use, or when told to. Blocking."""

    def __init__(self) -> None:
        self._identifier: _Identifier | None = None

    def load(self) -> None:
        """Read the model, if that has not been done."""
        if self._identifier is None:
            from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - loaded late

            found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
            found.set_languages(list(_CANDIDATES))
            kept = (found.nb_ptc, found.nb_pc, found.nb_classes)
            found._full_model = kept  # noqa: SLF001 - the languages left out take 28 MB
            self._identifier = found

    def detect(self, text: str) -> str | None:
        """A code such as "de", or None where it is not sure."""
        said = text.strip()[:_LONGEST]
        foreign = sum(letter.isalpha() and letter > _LATIN for letter in said)
        if len(said) < _SHORTEST_LATIN and foreign == 0:
            return None
        self.load()
        assert self._identifier is not None  # noqa: S101 - just loaded
        language, sure = self._identifier.classify(said)
        return str(language) if sure >= _SURE else None
