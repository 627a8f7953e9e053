"""A plugin of pytest: that Hypothesis finds an example is enough, none is made smaller. It draws the same each time."""

from hypothesis import Phase, settings

settings.register_profile("found-is-enough", phases=[Phase.explicit, Phase.generate], deadline=None, derandomize=True)


def pytest_configure() -> None:
    """After the conftests, which have profiles of their own, and before any test is imported."""
    settings.load_profile("found-is-enough")
