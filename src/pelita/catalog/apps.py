from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "pelita.catalog"
    label = "catalog"
