"""Settings, the config file, the log, and where files are."""
