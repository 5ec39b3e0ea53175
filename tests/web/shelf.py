"""A service of the office, published or only written, by the product's own actions."""

from __future__ import annotations

from pelita.catalog import actions as catalog
from pelita.catalog.models import ServiceVersion
from pelita.catalog.rules import Content
from tests.web.conftest import World


def drafted(world: World, code: str, content: Content, section: str = "KESRA", head: str = "kesra") -> ServiceVersion:
    """A service with a draft."""
    return catalog.make(code=code, section=world.section(section), content=content, by=world.place(head), now=world.now)


def submitted(world: World, version: ServiceVersion, head: str = "kesra") -> ServiceVersion:
    catalog.submit(version=version, seen=version.revision, by=world.place(head), now=world.now)
    return again(version)


def approved(world: World, version: ServiceVersion, head: str = "kesra") -> ServiceVersion:
    version = submitted(world, version, head)
    catalog.approve(version=version, seen=version.revision, by=world.place(head), now=world.now)
    return again(version)


def published(world: World, version: ServiceVersion, head: str = "kesra") -> ServiceVersion:
    version = approved(world, version, head)
    catalog.publish(version=version, seen=version.revision, by=world.place(head), now=world.now)
    return again(version)


def again(version: ServiceVersion) -> ServiceVersion:
    """As it is in the database now."""
    rows = ServiceVersion.objects.filter(office=version.office_id, pk=version.pk)
    return rows.select_related("service", "service__office", "service__section").get()
