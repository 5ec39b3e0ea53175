"""`pelita version`."""

from __future__ import annotations

import argparse
import platform
import tomllib
from importlib import metadata

from pelita.config.cli.base import CHECKOUT, data_argument
from pelita.config.postgres.engine import WHEEL


def arguments(parser: argparse.ArgumentParser) -> None:
    """--data is accepted like everywhere, and changes nothing."""
    data_argument(parser)


def run(options: argparse.Namespace) -> int:  # noqa: ARG001 (every command has the same shape)
    """Prints the versions of the product, Python, Django and the bundled PostgreSQL."""
    print(f"pelita {product()}")
    print(f"python {platform.python_version()}")
    for name in ("django", WHEEL):
        print(f"{name} {metadata.version(name)}")
    return 0


def product() -> str:
    """The version in pyproject.toml of a checkout, otherwise of the installed package."""
    project = CHECKOUT / "pyproject.toml"
    if project.is_file():
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
    return metadata.version("pelita-massa")
