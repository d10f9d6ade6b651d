"""The controller: sole writer of the live state and sole user of the event socket."""
