"""How numbers are shown, on a screen and in figures: their digits, their colours and their axes."""
