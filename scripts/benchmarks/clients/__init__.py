"""Programs under measurement, one a process. Each connects, says «ready» and at the end one line of JSON about itself.

The peers run in a Python environment of their own, so these modules import only what they measure and ``clock``.
"""
