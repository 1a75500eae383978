"""Measurements, each against a floor in the same run: ratios hold on a noisy machine, absolute times do not.

`make bench` runs all of them; `python -m tests.benchmarks first_paint` runs one.
"""
