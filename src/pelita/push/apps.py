from django.apps import AppConfig


class PushConfig(AppConfig):
    name = "pelita.push"
    label = "push"
