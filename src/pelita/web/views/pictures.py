"""Pictures of published services, for WhatsApp's catalogue and for whoever shares them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from pelita.catalog import items, pictures
from pelita.offices.queries import office_by_code
from pelita.web.views.guards import GET, open_to_all

FOR_EVER, A_WHILE = "public, max-age=31536000, immutable", "public, max-age=300"


@open_to_all(*GET)
def service(request: HttpRequest, office: str, service: str) -> HttpResponseBase:
    """``…/layanan/KTP-HILANG.png``, 1080 by 1080. With ``?v=`` of its content it may be kept for ever.

    What is not published has no picture: the same 404 as for what never was.
    """
    found = office_by_code(office)
    title = items.title_of(found, service) if found else ""
    if found is None or not title:
        raise Http404
    code = service.upper()
    digest = pictures.digest(code, title, found.name)
    # A browser that has it already needs no drawing.
    kept = get_conditional_response(request, etag=f'"{digest}"', response=None)
    answer = kept or HttpResponse(pictures.picture(code, title, found.name), content_type="image/png")
    answer["ETag"] = f'"{digest}"'
    answer["Cache-Control"] = FOR_EVER if request.GET.get("v") == digest else A_WHILE
    return answer
