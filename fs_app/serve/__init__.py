"""``serve``: the whole product as one process tree, with the parts that a machine without services needs.

Owns starting, watching and ending processes. Does nothing that the processes themselves do.
"""
