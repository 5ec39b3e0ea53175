from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "pelita.web"
    label = "web"
