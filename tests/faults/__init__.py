"""Faults of networks, servers and models, seeded and repeatable.

Two programs. `python -m tests.faults --seed 7 --minutes 60` asks in the real window (`soak.py`).
`python -m tests.faults.rows --seed 7 --minutes 10` plays the rows of the fault list (`recipes.py`) with
the real services, each row against each way of being answered, in an order that the seed chooses; the test
suite does each recipe once. After every fault the same must hold (`world.py`): the question is there, what
was said so far is kept, nothing is there or shown twice, nothing was created twice at the server, Stop is on
screen at once, the thread can be used again, and neither key nor name of a person lies in plain sight.
"""
