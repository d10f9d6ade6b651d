"""Modules named in the dialplan's python actions: thin, standard library and redis only."""
