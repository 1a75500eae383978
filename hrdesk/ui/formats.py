"""Which files can be given to hrdesk, in the words and filters of the window."""

from hrdesk.documents.reading.kinds import SUFFIXES

READABLE = "PDF, Word, Excel, PowerPoint, OpenDocument, web pages, e-mails and text"
FILTER = f"Documents ({' '.join(f'*{suffix}' for suffix in SUFFIXES)});;All files (*)"
