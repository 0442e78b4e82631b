"""One Chromium for all tests of the folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web._chromium import Chromium


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    browser = Chromium(tmp_path_factory.mktemp("chromium") / "profile")
    yield browser
    browser.close()
