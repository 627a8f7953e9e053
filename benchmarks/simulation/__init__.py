"""What a tenant carries, simulated: the product's own processes, on a clock that jumps and a storage that is a model.

    __main__              the tables of docs/capacity.md, made or printed
    tables                which storms they are made of
    pool                  several storms at once
    try_out               one storm, chosen on the command line
    check                 the simulation held against what was measured
    storm                 people who sign in to some instances at once: one after the other, or as they please
    outcome               what came of it
    carried               what there is at most, by arithmetic, to hold it against
    people                who comes, and when
    licensed_before       the rows of those who had their license before
    fleet                 the instances: HTTP spreads calls over them, they appear, and they are killed
    simulated_process     a process of the product: only what it costs is a model
    simulated_storage     a table in memory that answers after what it costs, or is too busy
    partitions            its rows, under ETags, and its limits
    machine               cores, and threads that share them
    simulated_time        an event loop that never waits: its clock jumps to whatever comes next
    measuring             what everything costs on the emulator
    costs                 what everything costs, in seconds: measured here, published or assumed of the service

Only costs are modelled. Batches, posts, guesses, conflicts, repeats and deadlines are those of `storage/`, so model and
product cannot differ in them.
"""
