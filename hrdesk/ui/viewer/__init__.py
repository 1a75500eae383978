"""The source of an answer: the cited page with its highlight, and what the model saw."""
