"""The people of the practice floor: callers, agents, supervisors, and their rhythms.

They use telephones and the API as people and scripts do; the switch does not know that they are simulated.
"""
