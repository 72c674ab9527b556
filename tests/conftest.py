"""How all property tests run: without deadlines, which a busy machine would miss; the same examples each time in CI."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "everywhere",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("everywhere")
