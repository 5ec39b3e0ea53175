"""Templates in the control API: everybody's list, and Meta's decisions about them."""

from typing import Any

from pelita_emulator.templates import change, plain

from .operations import Ask, NotThereError

Answer = tuple[int, Any]


async def list_templates(ask: Ask) -> Answer:
    return 200, [plain(template) for template in ask.world.templates.all()]


async def change_template(ask: Ask) -> Answer:
    template = ask.world.templates.get(ask.request.path_params["id"])
    if template is None:
        raise NotThereError("Templat itu tidak ada.")
    return 200, plain(change(ask.world, template, ask.wish))
