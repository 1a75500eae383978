"""Fixtures for all tests: windows are drawn offscreen, in the light theme and at one text size."""

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def themed(qapp):
    """The application in the light theme, put back after the test."""
    from hrdesk.ui import theme

    theme.apply(qapp, "light", text_scale=1.0)
    yield qapp
    theme.apply(qapp, "light", text_scale=1.0)
