"""Documents as people hand them in, made by the libraries that others write them with."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import docx
import pyarrow as pa
import pyarrow.parquet as pq
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from interviewer.events import Event
from interviewer.transcript import Header, Transcript


def word_file(*paragraphs: str, cells: tuple[str, ...] = (), end: str = "") -> bytes:
    """Return a .docx with paragraphs, a table of one row, and a last paragraph."""
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    if cells:
        table = made.add_table(1, len(cells))
        for cell, text in zip(table.row_cells(0), cells, strict=True):
            cell.text = text
    if end:
        made.add_paragraph(end)
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def repacked(word: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Return a .docx whose entries are what `change` (name, bytes) makes of them."""
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word)) as old, zipfile.ZipFile(data, "w", 8) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
    return data.getvalue()


def with_body(word: bytes, xml: str) -> bytes:
    """Return a .docx whose body begins with `xml`."""

    def change(name: str, data: bytes) -> bytes:
        if name != "word/document.xml":
            return data
        return data.replace(b"<w:body>", b"<w:body>" + xml.encode(), 1)

    return repacked(word, change)


def pdf_file(*pages: str, locked: str | None = None, algorithm: str = "AES-256") -> bytes:
    """Return a PDF, locked with a password, which may be empty, where one is given."""
    writer = PdfWriter()
    for text in pages:
        page = writer.add_blank_page(300, 300)
        if not text:
            continue
        names = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        font = DictionaryObject({NameObject(k): NameObject(v) for k, v in names.items()})
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        content = DecodedStreamObject()
        content.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content.flate_encode())
    if locked is not None:
        writer.encrypt(locked, owner_password="owner", algorithm=algorithm)  # noqa: S106
    data = io.BytesIO()
    writer.write(data)
    return data.getvalue()


def parquet_file(path: Path, **columns: list[object]) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def transcript_file(folder: Path, *events: Event, guide_source: str = "general") -> Path:
    header = Header(
        id="7f3a",
        started_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        interviewer_version="1.0",
        guide={"id": "failure", "question": "Tell me about a failure."},
        guide_source=guide_source,
        model="tiny",
        model_source="the flag",
    )
    with Transcript.create(folder, header) as made:
        for event in events:
            made.add(event)
    return made.path
