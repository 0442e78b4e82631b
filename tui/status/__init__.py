"""The bars of one line each above and below the views: header, phases, tabs, timeline bar, message line and footer."""
