"""Runs the toy app as `make run` runs the real one."""

import sys

from localhost.data_folder import DataFolder
from localhost.run import run
from localhost.supervisor import Plan

if __name__ == "__main__":
    data, port, table_port, processes, own_azurite, app, preparation = sys.argv[1:]
    plan = Plan(
        data=DataFolder(data),
        port=int(port),
        table_port=int(table_port),
        processes=int(processes),
        own_azurite=own_azurite == "1",
        app=app,
        preparation=preparation or None,
    )
    sys.exit(run(plan, with_sample_tenant=False))
