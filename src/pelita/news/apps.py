from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "pelita.news"
    label = "news"
