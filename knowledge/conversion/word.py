"""Turns a Word document into Markdown."""

from dataclasses import replace
from pathlib import Path

import mammoth

from knowledge.conversion.html import convert_html
from knowledge.conversion.shapes import Converted

_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"


def convert_docx(path: Path) -> Converted:
    """Headings, lists, tables and links stay; pictures go."""
    with path.open("rb") as handle:
        found = mammoth.convert_to_html(
            handle,
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(lambda _image: {}),
            external_file_access=False,
        )
    made = convert_html(f"<body>{found.value}</body>")
    return replace(made, links=())
