"""The practice floor: a simulated FreeSWITCH with mod_callcenter and people on its phones.

It speaks the event socket protocol on the loopback, so the controller joins it exactly as a real switch. Nothing else of
the product imports it but the start-up, and it imports nothing of the product but ``fs_app.greenlets``.
"""
