"""FreeSWITCH over its event socket: bytes in, floor facts out; floor orders in, command lines out."""
