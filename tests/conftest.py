"""Fixtures that the tests share; the factories stand in `factories.py`."""
