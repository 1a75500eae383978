"""Files to text and places, and the mathematics of retrieval; no SQL, no event loop."""
