"""Extension modules on npyo and on the numpy crate in one process see each other's guards."""

import itertools

import pytest
from scenarios import SCENARIOS
from support import run

# Who is loaded first, who borrows first, and is the second loaded after that?
ORDERS = [
    "load numpy, load a, borrow numpy, borrow a",
    "load numpy, load a, borrow a, borrow numpy",
    "load a, load numpy, borrow numpy, borrow a",
    "load a, borrow a, load numpy, borrow numpy",
    "load a, load b, borrow b, borrow a",
    "load b, borrow b, load a, borrow a",
    "load b, load numpy, borrow numpy, borrow b, load a, borrow a",
]
MORE_ORDERS = [
    "load numpy, borrow numpy, load a, borrow a",
    "load numpy, borrow numpy, load b, borrow b",
    "load a, load numpy, borrow a, borrow numpy",
    "load b, load numpy, borrow b, borrow numpy",
    "load b, borrow b, load numpy, borrow numpy",
    "load a, load b, borrow a, borrow b",
    "load a, borrow a, load b, borrow b",
    "load b, load a, borrow b, borrow a",
    "load a, load numpy, load b, borrow b, borrow numpy, borrow a",
    "load numpy, borrow numpy, load a, borrow a, load b, borrow b",
]
NOT_YET_BORROWED = ["load a, load b", "load b, load a", "load b, load numpy, load a"]

IN_EVERY_ORDER = "an_array_has_many_readers_or_one_writer"
FIRST = "guards_that_threads_take_first_at_once_are_seen"
RUNS = [
    *itertools.product(SCENARIOS.keys() - {FIRST}, ORDERS),
    *itertools.product([IN_EVERY_ORDER], MORE_ORDERS),
    *itertools.product([FIRST], NOT_YET_BORROWED),
]


@pytest.mark.parametrize("scenario, steps", sorted(RUNS))
def test_modules_respect_the_guards_of_each_other(scenario, steps):
    run("scenarios.py", scenario, *steps.split(", "))
