"""Tables from files: reading them, deciding what each column is, and turning the columns into inputs and a target."""
