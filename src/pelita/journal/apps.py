from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "pelita.journal"
    label = "journal"
