from django.apps import AppConfig


class AssistantConfig(AppConfig):
    name = "pelita.assistant"
    label = "assistant"
