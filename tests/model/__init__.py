"""A real language model behind a real server answers through the real window (`make test-model`)."""
