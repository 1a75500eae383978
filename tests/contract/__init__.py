"""One suite of behaviours, run against every way of being answered, over a real socket.

Each test is one behaviour; `stage` is one of the ways of `ways.py`. A behaviour that a way cannot have is
left out by name, with the reason, so that the list stays honest.
"""
