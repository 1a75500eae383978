import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "hrdesk"
MODULES = sorted(PACKAGE.rglob("*.py"))
PAGE = (PACKAGE / "ARCHITECTURE.md").read_text(encoding="utf-8")
LONGEST_MODULE = 400


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([\w/]+(?:\.py|/))`", PAGE))))
def test_the_architecture_page_names_only_what_is_there(name):
    assert (PACKAGE / name).exists() or (ROOT / name).exists()


def test_the_architecture_page_names_every_layer():
    layers = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}

    assert {layer for layer in layers if f"`{layer}`" not in PAGE} == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_says_what_it_is_for_and_stays_short(path):
    source = path.read_text(encoding="utf-8")

    assert ast.get_docstring(ast.parse(source))
    assert len(source.splitlines()) <= LONGEST_MODULE
