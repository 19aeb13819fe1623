"""Documents as people make them, written by the libraries that write such files."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import openpyxl
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas
from reportlab.platypus import Table, TableStyle

PARAGRAPH = "We send it on the same day, when you order before noon, and on the next if not."


def pdf(path: Path, *, pages: int = 1, password: str | None = None) -> Path:
    """A chapter on each page, with a heading, a table on the first, and a number at its foot.

    With no pages it has a blank one.
    """
    made = canvas.Canvas(str(path), pagesize=A4, encrypt=password, invariant=1)
    made.setTitle("Delivery guide")
    for number in range(1, pages + 1):
        made.setFont("Helvetica", 20)
        made.drawString(72, 760, f"Chapter {number}")
        made.setFont("Helvetica", 11)
        for row, line in enumerate(PARAGRAPH.split(",")):
            made.drawString(72, 730 - 13 * row, line.strip())
        if number == 1:
            table = Table([["Size", "Fee"], ["small", "1 Euro"], ["large", "2 Euro"]])
            table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 1, colors.black)]))
            table.wrapOn(made, 400, 400)
            table.drawOn(made, 72, 600)
        made.setFont("Helvetica", 8)
        made.drawString(280, 40, f"Page {number}")
        made.showPage()
    made.save()
    return path


def word(path: Path) -> Path:
    """Headings, a list and a table."""
    made = docx.Document()
    made.add_heading("Delivery guide", 0)
    made.add_paragraph("All about delivery.")
    made.add_heading("Fees", 1)
    made.add_paragraph("small things", style="List Bullet")
    table = made.add_table(rows=2, cols=2)
    for place, cell in enumerate(("Size", "Fee", "small", "1 Euro")):
        table.cell(place // 2, place % 2).text = cell
    made.add_heading("How long does it take?", 1)
    made.add_paragraph("Two days <script>alert(1)</script>.")
    made.save(str(path))
    return path


def workbook(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    made.save(path)
    return path


def bomb(path: Path, part: str, megabytes: int = 300) -> Path:
    """An archive that is small until somebody unpacks it."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(part, "w", force_zip64=True) as inside,
    ):
        for _ in range(megabytes):
            inside.write(b"\0" * 1_000_000)
    return path
