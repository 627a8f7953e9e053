"""The function app: what the Functions host loads. It registers the blueprints and has no logic."""

import azure.functions as func

from functions.api import ALL_OPERATIONS
from functions.triggers import nightly_check, rollup

app = func.FunctionApp()
for _operations in ALL_OPERATIONS:
    app.register_functions(_operations.blueprint)
app.register_functions(rollup.blueprint)
app.register_functions(nightly_check.blueprint)
