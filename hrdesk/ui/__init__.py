"""The window: panes, their models and presenters. Coroutines start only through `ui.tasks`."""
