"""One blueprint for each resource. A trigger parses, calls one function, answers."""
