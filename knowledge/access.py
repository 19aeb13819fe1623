"""Which articles of an index a line's customers may read, looked up once for all questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.domain.knowledge import Article

Open = NDArray[np.bool_]
"""One truth for each article: whether it may be read."""

# No line is called so: it stands for every line that no article names.
_UNNAMED = ""


@dataclass(frozen=True, slots=True)
class Access:
    """By line; empty where every article is open to all."""

    by_line: Mapping[str, Open]

    @classmethod
    def of(cls, articles: Sequence[Article]) -> "Access":
        names = {name for article in articles for name in article.lines}
        if not names:
            return cls({})
        lines = (_UNNAMED, *sorted(names))
        return cls({one: np.array([a.open_to(one) for a in articles]) for one in lines})

    def to(self, line: str | None) -> Open | None:
        """None where all are open: to nobody's line, and where no article is kept for some."""
        if line is None or not self.by_line:
            return None
        return self.by_line.get(line, self.by_line[_UNNAMED])
