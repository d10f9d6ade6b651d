"""Reads the configuration of a FreeSWITCH that somebody else wrote and says what would not work with Sasayaki in it.

Standard library only, so that it runs on the switch's own machine with nothing installed; only ``--esl`` needs the program's
environment. Changes nothing and runs nothing that the configuration names (no ``exec``).
"""
