"""What a tenant carries, simulated: the product's own committers, on a clock that jumps and a storage that is a model.

    simulated_time.py     an event loop that never waits: its clock jumps to whatever comes next
    costs.py              what everything costs, in seconds: measured on the emulator, or published of the service
    machine.py            cores that several threads share
    simulated_storage.py  one tenant's partition in memory, that answers after what it costs, or is too busy
    storm.py              people who sign in to some processes at once: closed, or arriving as they please
    check.py              the simulation held against what was measured
    capacity.py           the figures of docs/capacity.md

Only costs are modelled. Batches, turns, guesses, conflicts, repeats and deadlines are those of `storage/`, so model and
product cannot differ in them.
"""
