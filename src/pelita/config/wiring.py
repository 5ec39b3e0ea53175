"""Who hears of what: the one place where rooms that may not know each other are joined."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from pelita.assistant import intake as assistant
from pelita.desk import intake
from pelita.desk.actions import asking, book, importing, merging, phone
from pelita.desk.actions.files import files_changed
from pelita.desk.officers import carrying, hearing, phones
from pelita.news import feeding, publishing
from pelita.news import intake as news
from pelita.web.present.bulletin import Posts
from pelita.whatsapp.gateways.base import GatewayFactory
from pelita.whatsapp.gateways.examining import ExaminerFactory
from pelita.whatsapp.gateways.goods import GoodsGatewayFactory
from pelita.whatsapp.gateways.management import BlockGatewayFactory, PhoneGatewayFactory, TemplateGatewayFactory
from pelita.whatsapp.gateways.meta_cloud.blocks import MetaCloudBlocks
from pelita.whatsapp.gateways.meta_cloud.examine import MetaCloudExaminer
from pelita.whatsapp.gateways.meta_cloud.gateway import MetaCloudGateway
from pelita.whatsapp.gateways.meta_cloud.goods import MetaCloudGoods
from pelita.whatsapp.gateways.meta_cloud.phone import MetaCloudPhone
from pelita.whatsapp.gateways.meta_cloud.templates import MetaCloudTemplates
from pelita.whatsapp.ports import Handlers

# Inbound handlers in order: each gets what those before it did not take. Officers' own phones come first, so that
# nothing of theirs is taken for a citizen's; then what is about subscriptions and nothing else; the desk takes
# everything, so it stands last, with the assistant that answers beside it.
# All handlers of the other lists hear of everything.
HANDLERS = Handlers(
    inbound=(
        hearing.take_officers,
        asking.take_numbers,
        news.take,
        partial(assistant.receive, bulletin=Posts()),
    ),
    delivery=(
        intake.delivery_changed,
        phone.delivered,
        carrying.deliveries_changed,
        assistant.deliveries_changed,
        publishing.deliveries_changed,
        feeding.deliveries_changed,
    ),
    echo=(phone.typed,),
    folded=(phone.folded,),
    identity=(merging.identities_changed, phones.ids_changed),
    history=(importing.import_history,),
    files=(files_changed, hearing.files_changed),
    phonebook=(book.book_changed,),
    preferences=(news.preferences_changed,),
)

# By `Line.gateway`.
GATEWAYS: Mapping[str, GatewayFactory] = {"meta_cloud": MetaCloudGateway}
EXAMINERS: Mapping[str, ExaminerFactory] = {"meta_cloud": MetaCloudExaminer}
BLOCK_GATEWAYS: Mapping[str, BlockGatewayFactory] = {"meta_cloud": MetaCloudBlocks}
PHONE_GATEWAYS: Mapping[str, PhoneGatewayFactory] = {"meta_cloud": MetaCloudPhone}
GOODS_GATEWAYS: Mapping[str, GoodsGatewayFactory] = {"meta_cloud": MetaCloudGoods}
TEMPLATE_GATEWAYS: Mapping[str, TemplateGatewayFactory] = {"meta_cloud": MetaCloudTemplates}
