"""What holds for all tests."""

from __future__ import annotations

import os

# Many tests make Rust code panic, thousands of times, and a backtrace of each takes long.
os.environ["RUST_BACKTRACE"] = "0"
