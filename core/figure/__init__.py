"""Figures for print and the web: views of a run as vector graphics (SVG)."""
