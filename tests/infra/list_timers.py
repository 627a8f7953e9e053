"""Prints the app's timers and their schedules as JSON.

Run as a process of its own: the functions of an app can be listed once.
"""

import json

from function_app import app
from functions.http.operations import BASE_PATH
from localhost.indexing import index_functions

if __name__ == "__main__":
    timers = index_functions(app, BASE_PATH.strip("/")).timers
    print(json.dumps({timer.name: timer.schedule for timer in timers}))  # noqa: T201 - what it is asked for
