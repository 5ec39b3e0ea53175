from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "pelita.offices"
    label = "offices"
