"""Sasayaki: live supervision of a call centre on FreeSWITCH."""
