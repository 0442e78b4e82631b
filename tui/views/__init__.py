"""The views: each selects data of the session and passes it to the drawing functions."""
