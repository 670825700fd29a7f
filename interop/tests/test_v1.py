"""npyo and the numpy crate's protocol, version 1, of which Python has a copy here."""

import pytest
from support import run
from v1 import SCENARIOS


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_npyo_speaks_the_protocol_of_the_numpy_crate(scenario):
    run("v1.py", scenario)
