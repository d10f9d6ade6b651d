"""mod_callcenter as it behaves on 1.10.12: agents, tiers, members, queues, the dispatcher and its events."""
