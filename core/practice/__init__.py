"""Practice: what careful work by hand can give, the mistakes that give other numbers, and marks for answers."""
