"""A WhatsApp of our own: Meta's Cloud API for one or several numbers, and the citizens' phones.

It is its own ASGI application with its own store. It knows nothing of `pelita` and meets it
over HTTP only, so that demonstration and tests run the real gateway and the real webhook.
"""
