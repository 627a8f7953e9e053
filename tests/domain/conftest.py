"""Properties are tried at leisure: a busy machine is no fault of what is tested."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
