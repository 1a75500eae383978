from email.message import EmailMessage

import pytest

from hrdesk.core.documents import BlockKind, FileState
from hrdesk.documents.reading.email_file import read
from hrdesk.documents.sentences import FileRefused


def message(text: str = "", html: str = "", *, attached: str = "") -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = "New sick leave – Grüße"
    made["From"] = "HR <hr@example.com>"
    made["Date"] = "Mon, 05 Jan 2026 09:00:00 +0000"
    if text:
        made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html") if text else made.set_content(html, subtype="html")
    if attached:
        made.add_attachment(
            b"%PDF-1.7 secret words", maintype="application", subtype="pdf", filename=attached
        )
    return made


def texts(data: bytes) -> list[str]:
    return [block.text for block in read(data)[0].blocks]


def test_subject_sender_and_date_stand_before_the_body():
    blocks, subject, attached = read(bytes(message("Ten days a year.")))
    assert subject == "New sick leave – Grüße"
    assert blocks.blocks[0].kind is BlockKind.HEADING
    assert [block.text for block in blocks.blocks[1:]] == [
        "From: HR <hr@example.com>",
        "Date: Mon, 05 Jan 2026 09:00:00 +0000",
        "Ten days a year.",
    ]
    assert not attached


def test_text_is_preferred_and_html_read_where_there_is_no_text():
    both = message("Ten days.", "<p>Ten <b>days</b>, in colour.</p>")
    assert texts(bytes(both))[-1] == "Ten days."
    assert texts(bytes(message(html="<p>Ten days.</p><script>no</script>")))[-1] == "Ten days."


def test_attachments_are_named_but_not_opened():
    data = bytes(message("See the policy.", attached="Leave.pdf"))
    assert texts(data)[-1] == "Attachments: Leave.pdf"
    assert read(data)[2]
    assert "secret" not in " ".join(texts(data))


def test_a_message_saved_as_utf_16_is_read():
    source = "Subject: Leave\nContent-Type: text/plain; charset=utf-8\n\nTen days für alle.\n"
    assert texts(source.encode("utf-16"))[-1] == "Ten days für alle."


def test_an_unknown_character_set_does_not_lose_the_body():
    source = b"Subject: Leave\nContent-Type: text/plain; charset=klingon\n\nTen days f\xc3\xbcr alle.\n"
    assert texts(source)[-1] == "Ten days für alle."


def test_a_wrong_boundary_is_mended():
    source = (
        b"Subject: Leave\nContent-Type: multipart/mixed; boundary=a=b\n\n--a=b:c\n"
        b"Content-Type: text/plain\n\nTen days.\n--a=b:c--\n"
    )
    assert texts(source)[-1] == "Ten days."


def test_a_message_without_a_body_has_no_text():
    with pytest.raises(FileRefused) as refused:
        read(b"Subject: Leave\nFrom: hr@example.com\n\n")
    assert refused.value.state is FileState.NO_TEXT


@pytest.mark.parametrize(
    "kind",
    [
        'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b',
        "application/pkcs7-mime; smime-type=enveloped-data",
    ],
)
def test_an_encrypted_message_says_so(kind):
    part = "--b\nContent-Type: application/octet-stream\n\nhQEMA\n--b--\n"
    with pytest.raises(FileRefused) as refused:
        read(f"Subject: Pay\nContent-Type: {kind}\n\n{part}".encode())
    assert (refused.value.state, refused.value.reason) == (FileState.UNSUPPORTED, "encrypted_email")


def test_a_forwarded_message_is_a_section_of_its_own():
    inner = message("The notice period is thirty days.")
    outer = message("See below.")
    outer.add_attachment(inner)
    blocks, subject, attached = read(outer.as_bytes())
    texts = [block.text for block in blocks.blocks]
    assert (subject, attached) == ("New sick leave – Grüße", False)
    assert texts.index("See below.") < texts.index("The notice period is thirty days.")
    assert [block.level for block in blocks.blocks if block.kind is BlockKind.HEADING] == [1, 2]
