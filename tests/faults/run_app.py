"""One run of the app as `make run` does it, with the clock of the environment, on a storage that is there already."""

import sys

from localhost.data_folder import DataFolder
from localhost.run import run
from localhost.supervisor import Plan

if __name__ == "__main__":
    data, port, table_port = sys.argv[1:]
    plan = Plan(
        data=DataFolder(data),
        port=int(port),
        table_port=int(table_port),
        own_azurite=False,
        app="tests.faults.app_with_wrong_clock",
    )
    sys.exit(run(plan, with_sample_tenant=False))
