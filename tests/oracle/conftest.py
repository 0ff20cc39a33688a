"""`pytest tests/oracle -m hypothesis --hypothesis-profile=soak` draws twenty times as many examples."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("soak")
