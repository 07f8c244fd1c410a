"""Documents: what somebody wrote, as text, Word or PDF.

Whoever wrote the file may mean harm, or the library may trip over it: whatever goes wrong in
reading is the file's `UnreadableError`, in words, and nothing else.
"""

import contextlib
import io
import logging
import struct
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from interviewer.extras import missing
from interviewer.plain_files import read_whole, reason_of
from interviewer.text import printable

if TYPE_CHECKING:
    from pypdf import PdfReader

_MB = 1024 * 1024
LARGEST = 50 * _MB
"""Bytes that a document may have, and what a Word file may unpack to."""
LARGEST_TEXT = 10 * _MB
"""Bytes of a Word file that are no pictures, of one stream of a PDF, characters of its text."""
LONGEST_S = 60
"""Seconds after which no further page of a PDF is read."""
DocumentKind = Literal["text", "docx", "pdf"]
KINDS: dict[str, DocumentKind] = {".txt": "text", ".md": "text", ".docx": "docx", ".pdf": "pdf"}
_ENCODINGS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xef\xbb\xbf", "utf-8"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
"""Begins Word files of before 2007, and those with a password."""
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TWICE = (
    f"{_WORD}moveFrom",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
)
"""Elements whose text stands elsewhere in the document once more."""
_PICTURES = ("word/media/", "word/embeddings/", "word/fonts/")
_MARKS = {f"{_WORD}tab": "\t", f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}noBreakHyphen": "-"}
# What a parser raises that meets bytes it was not written for. Both libraries document that a
# broken file may raise other things than their own errors.
_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,  # with RecursionError and NotImplementedError
    SyntaxError,  # lxml's
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


class UnreadableError(Exception):
    """Why a file holds nothing that can be used: what was found and what was expected."""


def read_document(path: str, kind: DocumentKind) -> str:
    """Return the words of a document, without white space around them.

    Raises:
        UnreadableError: It can't be read, or there are no words in it.
    """
    try:
        data = read_whole(path, LARGEST)
    except (OSError, ValueError) as error:
        raise UnreadableError(f"can't be read: {reason_of(error)}") from error
    if not data:
        raise UnreadableError("found an empty file; expected text")
    read: Callable[[bytes], str] = {"text": _text, "docx": _docx, "pdf": _pdf}[kind]
    found = read(data).strip()
    if not found:
        raise UnreadableError("found no words in it; expected some")
    return found


def _text(data: bytes) -> str:
    mark, encoding = next((pair for pair in _ENCODINGS if data.startswith(pair[0])), (b"", "utf-8"))
    if encoding == "utf-32":
        raise UnreadableError("found text in UTF-32; expected UTF-8")
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        at = error.start + len(mark)
        line = data.count(b"\n", 0, at) + 1
        raise UnreadableError(
            f"found the byte 0x{data[at]:02x} at offset {at} (line {line}), which is not "
            f"{encoding[:6].upper()}; expected text in UTF-8"
        ) from error
    if "\0" in text:
        raise UnreadableError("found a binary file; expected text in UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _docx(data: bytes) -> str:
    if fault := missing("documents", "docx", "python-docx"):
        raise UnreadableError(f"{fault.what}; {fault.hint}")
    if data.startswith(_OLD_OFFICE):
        raise UnreadableError("found a Word file with a password, or one of before 2007")
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    with _parsing("Word file", OpcError, LxmlError):
        _check_sizes(data)
        return "\n\n".join(_paragraphs(docx.Document(io.BytesIO(data)).element.body))


def _check_sizes(data: bytes) -> None:
    """Refuse what would fill the memory when it is unpacked; no entry unpacks to more than it says.

    Raises:
        UnreadableError: All, or all but pictures, is too large.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        found = packed.infolist()
    whole = sum(each.file_size for each in found)
    text = sum(each.file_size for each in found if not each.filename.startswith(_PICTURES))
    for size, largest, what in ((whole, LARGEST, ""), (text, LARGEST_TEXT, ", pictures apart")):
        if size > largest:
            raise UnreadableError(
                f"found a Word file that unpacks to more than {largest // _MB} MB{what}"
            )


def _paragraphs(body: Any) -> Iterator[str]:
    """Yield the text of each paragraph in the document's order, those in tables and boxes too.

    What was deleted is left out, what was inserted is there, whether accepted or not.
    """
    from lxml.etree import iterwalk

    open_: list[list[str]] = []
    walk = iterwalk(body, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start" and tag in _TWICE:
            walk.skip_subtree()
        elif tag == f"{_WORD}p":
            if event == "start":
                open_.append([])
            elif text := "".join(open_.pop()).strip():
                yield text
        elif event == "start" and open_:
            if tag == f"{_WORD}t":
                open_[-1].append(element.text or "")
            elif tag in _MARKS:
                open_[-1].append(_MARKS[tag])


def _pdf(data: bytes) -> str:
    if fault := missing("documents", "pypdf", "pypdf"):
        raise UnreadableError(f"{fault.what}; {fault.hint}")
    from pypdf import PdfReader, apply_configuration
    from pypdf.errors import DependencyError, DeprecationError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # it tells of each thing it mended
    limits = apply_configuration(
        zlib_maximum_output_length=LARGEST_TEXT,
        array_based_stream_maximum_output_length=LARGEST_TEXT,
        lzw_maximum_output_length=LARGEST_TEXT,
    )
    with limits, _parsing("PDF", DependencyError, DeprecationError, PyPdfError):
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("found a PDF with a password; expected one without")
        text = "\n\n".join(_pages(reader)).encode("utf-8", "replace").decode()
    if not text.strip():
        raise UnreadableError(
            "found no text in the PDF, so it may be a scan; expected one with text in it"
        )
    return text


def _pages(reader: "PdfReader") -> Iterator[str]:
    """Yield the text of each page, within reason: pages may all show the same huge stream."""
    begun, size = time.monotonic(), 0
    for page in reader.pages:
        text = page.extract_text()
        size += len(text)
        if size > LARGEST_TEXT:
            raise UnreadableError(f"found a PDF with more than {LARGEST_TEXT // _MB} MB of text")
        if time.monotonic() - begun > LONGEST_S:
            raise UnreadableError(f"found a PDF that takes more than {LONGEST_S} s to read")
        yield text


@contextlib.contextmanager
def _parsing(what: str, *own: type[Exception]) -> Iterator[None]:
    """Turn whatever a library raises over a broken file into an `UnreadableError`.

    Args:
        what: Kind of file.
        own: The library's own errors.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except _BROKEN + own as error:
        told = isinstance(error, (zipfile.BadZipFile, *own)) and printable(str(error)).strip()
        reason = f" ({told.splitlines()[0][:120]})" if told else ""
        raise UnreadableError(f"found a broken {what}{reason}; expected a whole one") from error
