"""Makes prompts for the telephone with the distribution's engines. Standard library only; knows nothing of FreeSWITCH.

A prompt is ``FOLDER/LANGUAGE/RATE/ID.wav`` (mono, 16 bit, 8 and 16 kHz): FreeSWITCH finds the rate's folder by itself when
``FOLDER/LANGUAGE/ID.wav`` is asked for (mod_sndfile.c:262).
"""
