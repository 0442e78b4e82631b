"""Drawing as pure functions: values in, lines of styled cells out; no app and no widget."""
