import pytest

from hrdesk.documents.reading.quality import is_noise

PLAIN = "Employees receive ten days of paid sick leave in every calendar year. "
SPACED = (
    "N O TI C E to all e m p l o y e e s o f t h e c o m p a n y a b o u t s i c k l e a v e f r o m J u n e"
)


@pytest.mark.parametrize(
    "text",
    [
        "\x11\x12\x13\x14\x15 " * 10,
        "\ue001\ue002\ue003\ue004 " * 10,
        PLAIN + "\ufffd\ufffd\ufffd\ufffd ab",
        SPACED,
    ],
)
def test_noise_is_known(text):
    assert is_noise(text)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "\uf0b7 " + PLAIN,
        "\x01 Sick leave\n" * 5,
        "sick\x02leave " * 5,
        "Leave A B C\n" + "x x x x\n" * 20,
        "病 假 每 年 十 天 " * 10,
        "\x11\x12",
        "",
    ],
)
def test_text_bullets_crosses_and_other_scripts_are_no_noise(text):
    assert not is_noise(text)
