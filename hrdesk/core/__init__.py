"""The words of the field as plain values: threads, runs, documents, citations. Standard library only."""
