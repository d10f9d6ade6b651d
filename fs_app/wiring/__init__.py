"""The only place that builds the objects of the controller and of the panel. Owns what each is given, and no rule.

One module for each process, so that the panel loads nothing of the switch. Nothing here opens a port or starts a process.
"""
