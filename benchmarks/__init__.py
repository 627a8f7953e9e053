"""How fast the product is, as ratios to ceilings that the same run measures.

Machines differ and are noisy, so no figure here means much alone: a figure is compared with what the storage can do at
the same moment, on a partition of the same size, without the product.

    __main__    make bench: every chapter, one table, one JSON file, one plot
    chapters    what is measured, and how often
    targets     which figures are compared, and what is enough
    figures     what is measured, against which target
    stage       a fresh storage for each measurement, and processes of the product on it
    storms      callers at once, and how long each waited
    ceilings    what the storage can do: bare transactions, bare point reads
    naive       the baseline: read, check, write, and again
    engine      the ledger in one process
    crowd       the ledger in several processes on one tenant; crowd_member is one of them
    over_http   the app through the local host
    growth      what must not grow: calls, rows and bytes of a claim; memory of those who wait
    simulation  what the real service would carry, from costs measured here
    many_tenants    what the timers do for many tenants, in simulated time; tenants_in_memory is what they do it to
    plot        throughput and waiting over callers, as SVG
"""
