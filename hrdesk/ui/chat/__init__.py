"""The conversation: messages with their sources, the run in flight, and the composer."""
