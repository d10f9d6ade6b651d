"""The description of the HTTP API, for programs and for people; made of the routes' own declarations."""
