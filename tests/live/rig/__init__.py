"""A real FreeSWITCH with telephones around it, all on 127.0.0.1, for the tests that want the real thing."""
