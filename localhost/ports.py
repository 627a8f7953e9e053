"""Ports of this machine: is one free, keep one, find one."""

import socket

LOOPBACK = "127.0.0.1"


class PortTakenError(Exception):
    """Another process has the port."""


def reserve_port(port: int) -> socket.socket:
    """Takes a port for this process and those it starts, without listening on it.

    Until the returned socket is closed, processes of the same user can listen there with SO_REUSEPORT and no other
    program can have the port.

    Raises:
        PortTakenError: Somebody has it, or it may not be had.
    """
    reserved = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # Restarting at once must not fail on connections that the last run closed.
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind((LOOPBACK, port))
        # Only after the bind: with SO_REUSEPORT, it would succeed beside another run's workers. And while SO_REUSEADDR
        # is on, a second run that starts at the same moment could bind beside this socket.
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    except OSError as error:
        reserved.close()
        raise PortTakenError(f"port {port} on {LOOPBACK} is not free: {error.strerror}") from error
    return reserved


def check_port(port: int) -> None:
    """Nobody had the port a moment ago.

    Raises:
        PortTakenError: Somebody has it, or it may not be had.
    """
    reserve_port(port).close()


def free_port() -> int:
    """Gives a port that nobody had a moment ago. Another process may be faster: try again then."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def listening_socket(port: int) -> socket.socket:
    """Gives a bound socket beside those of other processes on the same port: the system shares connections out."""
    # The protocol is named, or asyncio would not turn Nagle's algorithm off: 40 ms more for every answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((LOOPBACK, port))
    return listener
