"""What is true: the rules of licenses, policies and claims, as pure functions over frozen dataclasses.

Imports the standard library and itself, nothing else. Time, ids and randomness come in as arguments.
"""
