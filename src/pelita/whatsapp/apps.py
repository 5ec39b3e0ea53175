from django.apps import AppConfig


class WhatsappConfig(AppConfig):
    name = "pelita.whatsapp"
    label = "whatsapp"
