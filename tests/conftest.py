"""Fixtures that the tests share; the factories stand in `factories.py`."""

from hypothesis import settings

settings.register_profile("galley", deadline=None)  # a busy machine is no failed test
settings.load_profile("galley")
