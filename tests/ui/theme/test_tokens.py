"""Contrast of every pair of colours that text is shown in, in both sets."""

import pytest

from hrdesk.ui.theme.tokens import Tokens, contrast, load

READ_ON = [
    ("text", ("ground", "panel", "hover", "selection", "accent_soft")),
    ("muted", ("ground", "panel", "hover", "selection", "accent_soft")),
    ("accent", ("ground", "panel", "accent_soft")),
    ("on_accent", ("accent", "accent_hover")),
    ("verified", ("verified_ground", "panel")),
    ("caution", ("caution_ground", "panel")),
    ("danger", ("danger_ground", "panel")),
    ("on_marker", ("marker",)),
]
PAIRS = [(ink, ground) for ink, grounds in READ_ON for ground in grounds]


@pytest.fixture(params=[False, True], ids=["light", "dark"])
def colours(request) -> Tokens:
    return load(request.param)


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(colours, ink, ground):
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= 4.5


def test_text_in_notices_can_be_read_on_every_ground(colours):
    for ground in ("caution_ground", "danger_ground", "verified_ground"):
        assert contrast(colours.text, getattr(colours, ground)) >= 4.5


def test_the_focus_ring_stands_out_from_both_grounds(colours):
    assert contrast(colours.accent, colours.ground) >= 3
    assert contrast(colours.accent, colours.panel) >= 3


def test_both_sets_have_every_colour_in_full_form(colours):
    for name, colour in colours.colours().items():
        assert len(colour) == 7 and int(colour[1:], 16) >= 0, name


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
