"""Shared by all tests: one fixed moment. Connections beyond loopback are refused (pyproject.toml, --allow-hosts)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest


@pytest.fixture
def moment() -> datetime:
    """Tuesday, 24 November 2026, 10.00 in Mojokerto."""
    return datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
