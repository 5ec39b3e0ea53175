"""Every query carries its office; a query without one is an error."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from pelita.base.scoping import OfficeModel, OfficeQuerySet, UnscopedQueryError
from pelita.desk.models import Inquiry
from pelita.offices.models import Office, Section

SOURCE = Path(__file__).parents[2] / "src" / "pelita"

# Places that may look across offices, each with a reason in its code. A new one belongs in a review.
ACROSS = {
    "catalog/items.py": 1,
    "assistant/jobs.py": 1,
    "config/cli/benches/send_office.py": 1,
    "config/cli/checks_lines.py": 1,
    "config/jobs.py": 1,
    "desk/actions/absences.py": 1,
    "desk/actions/merging.py": 1,
    "desk/actions/reminding.py": 2,
    "desk/actions/waiting.py": 3,
    "desk/jobs.py": 2,
    "desk/queries/clockwork.py": 2,
    "desk/officers/carrying.py": 5,
    "desk/officers/pushing.py": 1,
    "desk/queries/dead_letters.py": 1,
    "desk/queries/queue.py": 1,
    "desk/queries/search.py": 1,
    "news/actions.py": 1,
    "news/actions_subscriptions.py": 1,
    "news/feeding.py": 1,
    "news/publishing.py": 2,
    "offices/queries.py": 3,
    "push/actions.py": 3,
    "push/queries.py": 1,
    "whatsapp/actions/blocking.py": 2,
    "whatsapp/actions/connecting.py": 2,
    "whatsapp/actions/decorate.py": 5,
    "whatsapp/actions/adopting.py": 1,
    "whatsapp/actions/goods.py": 4,
    "whatsapp/actions/lines.py": 1,
    "whatsapp/actions/media.py": 1,
    "whatsapp/actions/messages.py": 1,
    "whatsapp/actions/meter.py": 4,
    "whatsapp/actions/phone_sync.py": 4,
    "whatsapp/actions/places.py": 1,
    "whatsapp/actions/settle.py": 4,
    "whatsapp/actions/template_news.py": 1,
    "whatsapp/actions/templates.py": 5,
    "whatsapp/sending.py": 3,
}

# Tables that stand above the offices. `Body` and `Item` come before it is known whose number they speak of; `SearchDue`
# is a list of numbers that one process works off for all.
PLATFORM = {"Office", "Officer", "App", "Body", "Item", "SearchDue"}


@pytest.fixture
def office(db: None) -> Office:
    return Office.objects.create(code="a", name="A", regency="R", region_code="1", code_prefix="AAA")


@pytest.mark.parametrize(
    "run",
    [
        lambda: list(Section.objects.all()),
        Section.objects.count,
        lambda: Section.objects.filter(pk=1).exists(),
        lambda: Section.objects.filter(pk=1).first(),
        lambda: Section.objects.filter(name="x").update(name="y"),
        lambda: Section.objects.filter(name="x").delete(),
        lambda: Section.objects.aggregate(n=models.Count("pk")),
        lambda: list(Section.objects.values_list("pk", flat=True).iterator()),
        lambda: list(Section.objects.exclude(office=1)),
        lambda: list(Section.objects.filter(models.Q(office=1) | models.Q(pk=1))),
        lambda: list(Inquiry.objects.filter(section__office=1)),
        lambda: Section.objects.in_bulk([1]),
        lambda: list(Section.objects.filter(office=models.F("office"))),
        lambda: Section.objects.select_for_update().get(pk=1),
    ],
)
def test_query_without_office_is_an_error(db: None, run: object) -> None:
    assert callable(run)
    with pytest.raises(UnscopedQueryError):
        run()


def test_query_with_office_runs(office: Office) -> None:
    section = Section.objects.create(office=office, code="X", name="X", short_name="X")
    rows = Section.objects.filter(office=office)
    assert list(rows) == [section]
    assert rows.filter(pk=section.pk).update(name="Y") == 1
    assert rows.aggregate(n=models.Count("pk")) == {"n": 1}
    assert Section.objects.filter(models.Q(office=office) & models.Q(pk=section.pk)).exists()
    assert list(Section.objects.across_offices("test")) == [section]
    assert rows.delete()[0] == 1


def test_every_table_carries_its_office() -> None:
    models_of_ours = [m for m in apps.get_models() if m.__module__.startswith("pelita.")]
    assert len(models_of_ours) > 15
    for model in models_of_ours:
        if model.__name__ in PLATFORM:
            continue
        assert issubclass(model, OfficeModel), model
        assert isinstance(model._default_manager.all(), OfficeQuerySet), model


def test_places_that_look_across_offices_are_listed() -> None:
    found = {}
    for path in SOURCE.rglob("*.py"):
        if path.name == "scoping.py":
            continue
        uses = len(re.findall(r"\.across_offices\(", path.read_text(encoding="utf-8")))
        if uses:
            found[str(path.relative_to(SOURCE))] = uses
    assert found == ACROSS
