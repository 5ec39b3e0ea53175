"""What is printed about an inquiry."""

from __future__ import annotations

from django.http import HttpResponse

from pelita.base import clock
from pelita.desk.models import Inquiry
from pelita.desk.queries import thread
from pelita.desk.queries.asked import words_of
from pelita.web.paper.disposition import draw
from pelita.web.present import people
from pelita.web.present.sheet import sheet_of
from pelita.web.views.desk_context import story_of
from pelita.web.views.guards import GET, OfficeRequest, Who, guard_inquiry


@guard_inquiry(Who.DESK, *GET)
def disposition_sheet(request: OfficeRequest, inquiry: Inquiry) -> HttpResponse:
    """The lembar disposisi as a PDF. No copy is kept anywhere on the way."""
    identities = thread.identities(inquiry)
    name = people.name(inquiry.citizen, identities)
    story = story_of(request.place, inquiry, name, clock.now())
    sheet = sheet_of(story, people.number(identities), words_of(inquiry))
    response = HttpResponse(draw(sheet), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="disposisi-{inquiry.code}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
