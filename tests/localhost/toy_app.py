"""A FunctionApp that shows what the host hands over."""

import asyncio
import json
import os
import threading
import time
from pathlib import Path

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
timer_runs: "asyncio.Queue[bool]" = asyncio.Queue()


def shown(request: func.HttpRequest, reached: str) -> str:
    return json.dumps(
        {
            "reached": reached,
            "method": request.method,
            "url": request.url,
            "headers": dict(request.headers),
            "params": dict(request.params),
            "route": dict(request.route_params),
            "body": request.get_body().decode(),
            "thread": threading.current_thread() is threading.main_thread(),
            "process": os.getpid(),
        }
    )


@app.route("things/{id:guid}", methods=["GET", "PUT"])
async def a_thing(req: func.HttpRequest) -> str:
    return shown(req, "a_thing")


@app.route("things/{word}", methods=["GET"])
async def b_any_word(req: func.HttpRequest) -> str:
    return shown(req, "b_any_word")


@app.route("things/literal", methods=["GET", "POST"])
async def c_literal(req: func.HttpRequest) -> str:
    return shown(req, "c_literal")


@app.route("numbers/{n:int}/{word?}", methods=["GET"])
async def number(req: func.HttpRequest) -> str:
    return shown(req, "number")


@app.route("files/{*rest}", methods=["GET"])
async def files(req: func.HttpRequest) -> str:
    return shown(req, "files")


@app.route("echo", methods=["GET", "POST"])
async def echo(req: func.HttpRequest) -> str:
    return shown(req, "echo")


@app.route("every-method")
async def every_method(req: func.HttpRequest) -> str:
    return shown(req, "every_method")


@app.route("in-a-thread", methods=["GET"])
def in_a_thread(req: func.HttpRequest) -> str:
    return shown(req, "in_a_thread")


@app.route("with-function-key", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
async def with_function_key(req: func.HttpRequest) -> str:
    return shown(req, "with_function_key")


@app.route("with-master-key", methods=["GET"], auth_level=func.AuthLevel.ADMIN)
async def with_master_key(req: func.HttpRequest) -> str:
    return shown(req, "with_master_key")


@app.route("teapot", methods=["GET"])
async def teapot(req: func.HttpRequest) -> func.HttpResponse:
    headers = {"X-Kind": req.params.get("kind", "clay")}
    return func.HttpResponse(b'{"tea":true}', status_code=418, headers=headers, mimetype="application/json")


@app.route("nothing", methods=["DELETE"])
async def nothing(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(req.get_body(), status_code=204)


@app.route("a-dict", methods=["GET"])
async def a_dict(req: func.HttpRequest) -> dict[str, str]:
    return dict(req.params)


@app.route("a-fault", methods=["GET"])
async def a_fault(req: func.HttpRequest) -> str:
    raise RuntimeError(f"secret of {req.url}")


@app.route("slow", methods=["GET"])
def slow(req: func.HttpRequest) -> str:
    Path(req.params["mark"]).touch()
    time.sleep(1)
    return "done"


@app.timer_trigger(arg_name="timer", schedule="0 0 0 29 2 *")
async def rare_timer(timer: func.TimerRequest) -> None:
    timer_runs.put_nowait(timer.past_due)
