"""The floor: pure rules of agents, queues, calls and supervisions. No clock, no I/O, no library."""
