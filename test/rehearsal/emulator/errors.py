"""What fails as it would at AWS."""


class Failed(Exception):
    """A resource or a request that AWS refuses; the message is its reason."""
