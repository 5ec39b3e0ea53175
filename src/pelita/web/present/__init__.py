"""From rows to the shapes of ui.py: names, words, order. Pure, except where a module says that it asks queries."""
