"""The function app: what the Functions host loads. It registers the blueprints and has no logic."""

import azure.functions as func

from functions.triggers import apps, entra, health, me, policies, products, settings, sign_ins

app = func.FunctionApp()
for _trigger in (apps, entra, health, me, policies, products, settings, sign_ins):
    app.register_functions(_trigger.operations.blueprint)
