"""What a child of the supervisor runs: `python -m parcours.cli.part NAME LIFELINE [SOCKET]`."""

import os
import signal
import socket
import sys
import threading

from parcours.cli.faults import FAULT, tell, tell_fault
from parcours.core.errors import ParcoursError


def main() -> int:
    name, lifeline, *sockets = sys.argv[1:]
    die_with_parent(int(lifeline))
    try:
        if name == "web":
            _run_web(socket.socket(fileno=int(sockets[0])))
        elif name == "worker":
            _run_worker()
        else:
            return _status_of_preparing(demo=name == "prepare-demo")
    except ParcoursError as error:
        tell(error)
        return 1
    return 0


def die_with_parent(lifeline: int) -> None:
    """Ends this process when the one that started it is gone, also after kill -9.

    The lifeline is a pipe that nobody writes to: reading returns when its other end closes. On Linux the
    kernel sees to it too, should our threads be stuck.
    """
    if sys.platform == "linux":
        import ctypes

        parent_death_signal = 1  # PR_SET_PDEATHSIG of <sys/prctl.h>
        ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGKILL)

    def watch() -> None:
        os.read(lifeline, 1)
        os._exit(1)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def _status_of_preparing(*, demo: bool) -> int:
    """Its standard error is the user's terminal, where a trace says nothing."""
    try:
        _prepare(demo=demo)
    except ParcoursError:
        raise
    except Exception as error:  # noqa: BLE001 - the rim of this process
        tell_fault(error)
        return FAULT
    return 0


def _prepare(*, demo: bool) -> None:
    from parcours.core.installation import close_connections, migrate, set_up_django

    set_up_django()
    try:
        migrate()
        if demo:
            from parcours.cli.demo import prepare_demo

            for line in prepare_demo():
                print(line)  # noqa: T201 - the supervisor prints it once everything is ready
    finally:
        close_connections()


def _run_web(listening: socket.socket) -> None:
    from parcours.cli.parts import run_web
    from parcours.core.installation import set_up_django

    set_up_django()
    run_web(listening)


def _run_worker() -> None:
    from parcours.cli.parts import run_worker
    from parcours.core.installation import set_up_django

    set_up_django()
    run_worker()


if __name__ == "__main__":
    sys.exit(main())
