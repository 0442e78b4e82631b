"""The modal screens: presets, prompts, details of a number, help, gradient check, landscape, many starts."""
