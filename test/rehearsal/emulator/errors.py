"""Errors that also occur at AWS."""


class Failed(Exception):
    """An error for a resource or a request that AWS refuses, with the reason as its message."""
