"""The parts of Parcours that the supervisor runs, and that several machines run many of."""

import asyncio
import gc
import os
import signal
import socket
import sys
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING

import click

from parcours.cli.options import data_option
from parcours.core.errors import BadInput
from parcours.core.memory import give_back_at_rest
from parcours.core.terminal import gettext as _

if TYPE_CHECKING:
    from procrastinate import App


@click.command(help=_("Serve pages only; run as many as you need. Needs DATABASE_URL."))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), metavar="N")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="H")
@data_option
def web(port: int, host: str) -> None:
    from parcours.cli.ports import bind
    from parcours.core.installation import open_installation

    _require_database_url("parcours web")
    listening = bind(host, port)
    with open_installation():
        run_web(listening)


@click.command(help=_("Work off jobs only; run as many as you need. Needs DATABASE_URL."))
@click.option("--concurrency", default=2, show_default=True, type=click.IntRange(1, 64), metavar="N")
@data_option
def worker(concurrency: int) -> None:
    from parcours.core.installation import open_installation

    _require_database_url("parcours worker")
    with open_installation():
        run_worker(concurrency)


def run_web(listening: socket.socket) -> None:
    """Serves on a socket that is bound already, until TERM or Ctrl-C; open streams get two seconds to end."""
    import uvicorn

    keep_pandas_out()
    give_back_at_rest()
    _look_for_garbage_seldom()
    sys.setswitchinterval(SWITCH_INTERVAL)
    config = uvicorn.Config(
        "parcours.asgi:application",
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=2,
        timeout_keep_alive=30,
    )
    uvicorn.Server(config).run(sockets=[listening])


SWITCH_INTERVAL = 0.001
"""Seconds for which a thread may keep the loop that serves all streams from its turn; by itself 0.005."""


def _look_for_garbage_seldom() -> None:
    """What is loaded stays for good, so that it need not be looked through again; requests leave little that
    points at itself.
    """
    import parcours.asgi  # noqa: F401 - everything that the server needs

    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def run_worker(concurrency: int = 2) -> None:
    """Works off jobs until TERM or Ctrl-C, `concurrency` at once in each lane; those that run get a few
    seconds to end.
    """
    from procrastinate import PsycopgConnector, periodic
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params

    from parcours.core.clock_back import HeedfulDeferrer
    from parcours.core.lanes import LANES

    keep_pandas_out()
    give_back_at_rest()
    if hasattr(os, "nice"):
        os.nice(5)  # whoever waits for a page goes before work that nobody watches
    periodic.PeriodicDeferrer = HeedfulDeferrer  # type: ignore[misc]  # workers make theirs of this name
    # One connection to listen, one a job, one a lane: each costs the server a process.
    most = (concurrency + 1) * len(LANES)
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=most)
    with app.replace_connector(connector) as working:
        asyncio.run(_work_off(working, concurrency))


async def _work_off(working: "App", concurrency: int) -> None:
    """All lanes side by side; when one ends, whyever, the others do too."""
    from parcours.core.lanes import LANES, OWN

    async with working.open_async():
        lanes = [
            asyncio.create_task(
                working.run_worker_async(
                    queues=[lane],
                    concurrency=concurrency,
                    # What is to be done in a second is looked for every second; it costs a millisecond.
                    fetch_job_polling_interval=1.0,
                    shutdown_graceful_timeout=3,
                    listen_notify=lane == OWN,
                    install_signal_handlers=False,
                )
            )
            for lane in LANES
        ]

        def end() -> None:
            for lane in lanes:
                if not lane.cancelling():  # a second time would not wait for what runs
                    lane.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, end)
        await asyncio.wait(lanes, return_when=asyncio.FIRST_COMPLETED)
        end()
        ended = await asyncio.gather(*lanes, return_exceptions=True)
    for fault in ended:
        if isinstance(fault, Exception):
            raise fault


class _NoPandas(MetaPathFinder):
    """Answers whoever looks for pandas as if it weren't installed.

    `None` among the modules would not do: compiled code, such as Arrow's, takes it for the module.
    """

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:  # noqa: ARG002
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is kept out of this process", name=fullname)


def keep_pandas_out() -> None:
    """Arrow and DuckDB load pandas by themselves where it is installed: 60 MB that nothing here uses."""
    sys.meta_path.insert(0, _NoPandas())


def _require_database_url(command: str) -> None:
    if not os.environ.get("DATABASE_URL"):
        raise BadInput(
            _(
                "`{command}` is one of several parts that share a database, and DATABASE_URL names none."
            ).format(command=command),
            remedy=_(
                "Set DATABASE_URL=postgresql://user:password@host:5432/name, "
                "or run `parcours serve` for everything on one machine."
            ),
        )
