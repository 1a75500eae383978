"""Writes the PDF and DOCX files of resources/demo/policies/ from resources/demo/source/*.md.

Run it after a source has changed: `.venv/bin/python packaging/make_demo.py`. The results are committed, so
nobody else needs the typefaces it uses (Inter and Noto Serif, both under the Open Font License).
"""

import os
import sys
from pathlib import Path

from demo_docx import write_docx
from demo_pdf import write_pdf
from demo_source import read

DEMO = Path(__file__).parent.parent / "resources" / "demo"
WRITERS = {
    "employee-handbook.pdf": write_pdf,
    "travel-policy-2025.pdf": write_pdf,
    "travel-policy-2026.pdf": write_pdf,
    "benefits-and-pension.docx": write_docx,
}


def main() -> int:
    """Write every policy again."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for name, write in WRITERS.items():
        target = DEMO / "policies" / name
        write(read((DEMO / "source" / name).with_suffix(".md")), target)
        print(f"{target.name}: {target.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
