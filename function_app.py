"""The function app: what the Functions host loads. It registers the blueprints and has no logic."""

import azure.functions as func

from functions.api import ALL_OPERATIONS
from functions.timers import nightly_check, roll_up

app = func.FunctionApp()
for _operations in ALL_OPERATIONS:
    app.register_functions(_operations.blueprint)
app.register_functions(roll_up.blueprint)
app.register_functions(nightly_check.blueprint)
