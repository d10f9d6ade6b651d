"""The practice floor: an event socket server that behaves like FreeSWITCH with mod_callcenter and people."""
