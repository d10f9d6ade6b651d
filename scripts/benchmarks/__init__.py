"""Measurements: ratios of one run, with peers beside us. ``scripts/bench`` runs them, ``docs/benchmarks.md`` keeps them.

Nothing of the product imports this package, and no test depends on what it measures.
"""
