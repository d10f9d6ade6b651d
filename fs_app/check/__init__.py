"""``check``: tries everything that the settings name and says on one screen what is wrong. Changes nothing."""
