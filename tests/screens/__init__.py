"""Pictures of the window in its typical states, light and dark; `make screens` writes build/screens."""
