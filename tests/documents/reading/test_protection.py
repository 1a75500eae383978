"""Files with a password: asked for, wrong, right, in every letter; and the damage that could be in them."""

import json

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.documents import FileState, ReadDocument, Remark
from hrdesk.documents.reading import handle, wire
from hrdesk.documents.reading.ole import MAGIC, CompoundFile
from hrdesk.documents.reading.protection import variants
from hrdesk.documents.sentences import Refusal
from tests.documents.locked_files import compound, lock_odt, locked_office, locked_pdf
from tests.documents.office_files import docx, lines, odt
from tests.shared_data import shared

PASSWORDS = ["secret", "   ", " pässwört ", "пароль", "密码", "a" * 200]
TEXT = "Everyone gets thirty days of leave."


def answer(path, password=None) -> tuple[ReadDocument | Refusal, bytes]:
    message, view = handle(wire.request(path, path.name, password), b"")
    return wire.parse(json.loads(json.dumps(message))), view


def refusal(path, password=None) -> tuple[FileState, str]:
    read, view = answer(path, password)
    assert isinstance(read, Refusal) and not view
    return read.state, read.reason


def text_of(path, password) -> str:
    read, _ = answer(path, password)
    assert isinstance(read, ReadDocument), read
    assert read.remarks == (Remark.UNLOCKED,)
    return " ".join(block.text for block in read.blocks)


@pytest.fixture
def pdf_file(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(locked_pdf([lines([TEXT])], b"p\xe4ss"))
    return path


@pytest.mark.parametrize("password", PASSWORDS)
@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_office_files_open_with_what_was_typed(tmp_path, kind, password):
    path = tmp_path / f"a.{kind}"
    if kind == "docx":
        plain = docx(path, f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>").read_bytes()
        path.write_bytes(locked_office(plain, password))
    else:
        lock_odt(odt(path, f"<text:p>{TEXT}</text:p>"), password)
    assert refusal(path) == (FileState.NEEDS_PASSWORD, "password")
    assert refusal(path, password + "x") == (FileState.NEEDS_PASSWORD, "wrong_password")
    assert text_of(path, password) == TEXT


def test_a_pdf_loses_its_password_in_the_copy_that_is_shown(pdf_file):
    assert refusal(pdf_file) == (FileState.NEEDS_PASSWORD, "password")
    assert refusal(pdf_file, "pass") == (FileState.NEEDS_PASSWORD, "wrong_password")
    assert text_of(pdf_file, "päss") == TEXT
    _, view = answer(pdf_file, "päss")
    shown = pypdfium2.PdfDocument(view)
    assert shown[0].get_textpage().get_text_range() == TEXT
    assert b"/Encrypt" not in view


def test_letters_with_accents_may_be_one_sign_or_two(pdf_file):
    assert text_of(pdf_file, "pa\u0308ss") == TEXT


def test_a_password_for_a_file_without_one_changes_nothing(tmp_path):
    path = docx(tmp_path / "a.docx", f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>")
    read, view = answer(path, "secret")
    assert isinstance(read, ReadDocument) and read.remarks == () and view == b""


def test_a_workbook_that_opens_without_a_question_does_so_here(tmp_path):
    path = tmp_path / "a.docx"
    plain = docx(path, f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>").read_bytes()
    path.write_bytes(locked_office(plain, "VelvetSweatshop"))
    read, _ = answer(path)
    assert isinstance(read, ReadDocument) and read.remarks == ()


@pytest.mark.parametrize(
    ("streams", "reason"),
    [
        ({"EncryptionInfo": bytes(4096), "EncryptedPackage": bytes(4096)}, "protection"),
        (
            {"EncryptionInfo": b"\4\0\4\0\x40\0\0\0".ljust(4096, b"x"), "EncryptedPackage": bytes(4096)},
            "damaged",
        ),
        ({"EncryptedPackage": bytes(4096)}, "damaged"),
        ({"WordDocument": bytes(4096)}, "protected_or_old"),
    ],
)
def test_what_cannot_be_opened_says_why(tmp_path, streams, reason):
    path = tmp_path / "a.docx"
    path.write_bytes(compound(streams))
    assert refusal(path, "secret")[1] == reason


@given(st.data())
def test_a_broken_compound_file_is_refused_and_never_hangs(data):
    whole = compound({"EncryptionInfo": bytes(range(256)) * 16, "EncryptedPackage": bytes(5_000)})
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(8, 1_600))] = data.draw(st.integers(0, 255))
    try:
        file = CompoundFile(bytes(broken))
        assert len(file.stream("EncryptedPackage")) <= len(whole)
    except ValueError:
        pass


def test_what_is_no_compound_file_is_refused():
    for data in (b"", MAGIC, MAGIC + bytes(600), b"PK\3\4" + bytes(600)):
        with pytest.raises(ValueError):
            CompoundFile(data)


@given(st.text())
def test_a_password_is_tried_as_it_was_typed_first_and_nothing_twice(password):
    tried = list(variants(password))
    assert tried[0] == password and len(tried) == len(set(tried)) <= 8


# Of the hard files: those whose password is known and whose cipher our readers know.
KNOWN = [
    ("docx/poi__bug53475-password-is-pass.docx", "pass"),
    ("odt/tika__testODTEncrypted.odt", "tika"),
    ("pdf/pdfjs__issue15893_reduced.pdf", "test"),
    ("pdf/pdfjs__issue21579.pdf", "pässwört"),
    ("pdf/pdfjs__issue6010_2.pdf", "æøå"),
    ("pdf/pdfjs__print_protection.pdf", "password"),
    ("pdf/pypdf__r2-user-password.pdf", "asdfzxcv"),
    ("pptx/tika__testPPT_protected_passtika.pptx", "tika"),
    ("xlsx/poi__protected_passtika.xlsx", "tika"),
]


@pytest.mark.parametrize(("name", "password"), KNOWN)
def test_real_files_open_with_their_password(name, password):
    path = shared("files") / name
    assert refusal(path)[0] is FileState.NEEDS_PASSWORD
    assert refusal(path, "wrong") == (FileState.NEEDS_PASSWORD, "wrong_password")
    assert text_of(path, password)
