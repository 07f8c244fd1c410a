import io
import random
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

import interviewer.documents as module
from interviewer.documents import DocumentKind, UnreadableError, read_document
from tests.batch.papers import pdf_file, repacked, with_body, word_file

WORD = word_file("I shipped it.", cells=("left", "right"), end="The end.")
PDF = pdf_file("I shipped it.", "Then I rolled it back.")


def read(folder: Path, data: bytes, kind: DocumentKind) -> str:
    path = folder / f"answer.{kind}"
    path.write_bytes(data)
    return read_document(str(path), kind)


def why_not(folder: Path, data: bytes, kind: DocumentKind) -> str:
    with pytest.raises(UnreadableError) as error:
        read(folder, data, kind)
    return str(error.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_with_or_without_its_mark(tmp_path: Path, encoding: str) -> None:
    data = " Ça va.\r\nOui.\rNon.\n".encode(encoding)
    assert read(tmp_path, data, "text") == "Ça va.\nOui.\nNon."


def test_big_endian_text_is_read_too(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xfe\xff" + "é".encode("utf-16-be"), "text") == "é"


def test_front_matter_is_part_of_an_answer(tmp_path: Path) -> None:
    assert read(tmp_path, b"---\na: b\n---\nText.", "text") == "---\na: b\n---\nText."


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("Hi.\nCafé".encode("latin-1"), "the byte 0xe9 at offset 7 (line 2), which is not UTF-8"),
        (b"\xef\xbb\xbfa\xff", "the byte 0xff at offset 4 (line 1), which is not UTF-8"),
        (b"\xff\xfea\x00b", "the byte 0x62 at offset 4 (line 1), which is not UTF-16"),
        ("a".encode("utf-32"), "UTF-32"),
        (b"a\0b", "a binary file"),
        (b"", "an empty file"),
        (b" \n\t\n", "no words"),
    ],
)
def test_what_is_no_text_is_told_by_its_byte_and_place(
    tmp_path: Path, data: bytes, told: str
) -> None:
    assert told in why_not(tmp_path, data, "text")


def test_a_word_file_gives_paragraphs_and_tables_in_their_order(tmp_path: Path) -> None:
    assert read(tmp_path, WORD, "docx") == "I shipped it.\n\nleft\n\nright\n\nThe end."


def test_an_insertion_counts_in_a_word_file_and_a_deletion_does_not(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>I </w:t></w:r>"
        "<w:ins><w:r><w:t>led</w:t><w:tab/><w:t>it</w:t><w:br/></w:r></w:ins>"
        "<w:del><w:r><w:delText>watched</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>In a form.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    found = read(tmp_path, with_body(word_file(), body), "docx")
    assert found == "I led\tit\n\nIn a form."


def test_text_around_a_text_box_stays_together(tmp_path: Path) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent>"
    body = f"<w:p><w:r><w:t>be</w:t></w:r><w:r>{box}</w:r><w:r><w:t>fore</w:t></w:r></w:p>"
    assert read(tmp_path, with_body(word_file(), body), "docx") == "box\n\nbefore"


def test_a_word_file_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    bomb = with_body(WORD, "<w:p/>" * (module.LARGEST_TEXT // 6))
    assert len(bomb) < 200_000
    assert "unpacks to more than 10 MB" in why_not(tmp_path, bomb, "docx")


def test_pictures_count_for_the_size_of_a_word_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST", 2_000_000)
    data = io.BytesIO(WORD)
    with zipfile.ZipFile(data, "a", 8) as packed:
        packed.writestr("word/media/image1.png", bytes(2_000_000))
    assert "unpacks to more than 1 MB" in why_not(tmp_path, data.getvalue(), "docx")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xd0\xcf\x11\xe0rest", "a password"),
        (b"no zip at all", "a broken Word file"),
        (WORD[:2000], "a broken Word file"),
        (word_file(), "no words"),
        (with_body(WORD, "<w:p>" * 5000), "a broken Word file"),
        (repacked(WORD, lambda name, data: b"" if name == "_rels/.rels" else data), "a broken"),
    ],
)
def test_a_word_file_without_an_answer_says_why(tmp_path: Path, data: bytes, told: str) -> None:
    assert told in why_not(tmp_path, data, "docx")


def test_a_pdf_gives_the_text_of_its_pages(tmp_path: Path) -> None:
    assert read(tmp_path, PDF, "pdf") == "I shipped it.\n\nThen I rolled it back."


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_pdf_that_opens_without_a_password_is_read(tmp_path: Path, algorithm: str) -> None:
    assert read(tmp_path, pdf_file("Hi.", locked="", algorithm=algorithm), "pdf") == "Hi."


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (pdf_file("Hi.", locked="secret"), "a PDF with a password"),
        (pdf_file("", ""), "may be a scan"),
        (b"no PDF at all", "a broken PDF"),
        (PDF[:300], "a broken PDF"),
    ],
)
def test_a_pdf_without_an_answer_says_why(tmp_path: Path, data: bytes, told: str) -> None:
    assert told in why_not(tmp_path, data, "pdf")


def test_a_pdf_stops_at_too_much_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_TEXT", 20_000)
    assert "of text" in why_not(tmp_path, pdf_file(*["many words " * 900] * 3), "pdf")


def test_a_pdf_stops_after_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_S", -1)
    assert "takes more than" in why_not(tmp_path, PDF, "pdf")


def test_a_stream_of_a_pdf_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    bomb = pdf_file("x" * (module.LARGEST_TEXT + 1))
    assert len(bomb) < 100_000
    assert "a broken PDF (Limit reached" in why_not(tmp_path, bomb, "pdf")


def mutated(data: bytes, rng: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(rng.choice((1, 1, 3, 10, 50))):
        at = rng.randrange(len(found) or 1)
        how = rng.randrange(5)
        if how == 0:
            del found[at : at + rng.randrange(1, 40)]
        elif how == 1:
            found[at:at] = rng.randbytes(rng.randrange(1, 20))
        elif how == 2:
            found[at:at] = found[at // 2 : at // 2 + rng.randrange(1, 60)]
        else:
            found[at : at + 1] = rng.randbytes(1)
    return bytes(found)


def broken_ones(kind: DocumentKind, rng: random.Random) -> Iterator[bytes]:
    """Yield documents with wrong bytes; a .docx also with entries that say nonsense."""
    sealed = pdf_file("Hi.", locked="")
    for entry in ("document.xml", ".rels", "[Content_Types].xml") * 10:
        if kind == "pdf":
            yield mutated(PDF, rng)
            yield mutated(sealed, rng)
        else:
            yield mutated(WORD, rng)
            yield repacked(WORD, partial(_mutated_entry, entry, rng))


def _mutated_entry(ending: str, rng: random.Random, name: str, data: bytes) -> bytes:
    return mutated(data, rng) if name.endswith(ending) else data


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_whatever_the_bytes_are_a_document_is_read_or_says_why(
    tmp_path: Path, kind: DocumentKind, capfd: pytest.CaptureFixture[str]
) -> None:
    reasons = []
    for data in broken_ones(kind, random.Random(7)):  # noqa: S311
        try:
            assert read(tmp_path, data, kind)
        except UnreadableError as error:
            reasons.append(str(error))
    assert len(reasons) > 20
    assert all(reasons)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("kind", "library"), [("docx", "docx"), ("pdf", "pypdf")])
def test_a_missing_library_gives_the_line_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: DocumentKind, library: str
) -> None:
    monkeypatch.setattr(
        "interviewer.extras.find_spec", lambda name: None if name == library else True
    )
    told = why_not(tmp_path, WORD if kind == "docx" else PDF, kind)
    assert "pip install -c constraints.txt -e '.[documents]'" in told


def test_a_document_over_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST", 1024 * 1024)
    assert "more than 1 MB" in why_not(tmp_path, b"a" * (1024 * 1024 + 1), "text")
