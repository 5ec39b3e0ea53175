"""What can be wrong with a browser that wants to be pushed to."""

from __future__ import annotations


class DeviceError(Exception):
    """``str(error)`` is an Indonesian sentence fit for the screen."""
