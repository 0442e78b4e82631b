"""The output of the network: the panel, the views that it can show, and what each of them draws."""
