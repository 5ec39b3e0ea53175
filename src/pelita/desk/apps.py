from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "pelita.desk"
    label = "desk"
