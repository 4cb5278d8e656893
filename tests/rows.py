"""A table of cases as one test, which names every row that is wrong and not only the first.

A test of its own costs three milliseconds before it does anything: sent to a process, set up, torn down, reported
back. A table of three hundred rows that take ten microseconds each is therefore one test. It is written as pytest's
own `parametrize` is and tells as much when it fails: each wrong row with its values and its traceback.

Not for rows that need a fixture of their own (a fresh folder, say), nor for few rows that are slow, which two
processors share: those are `parametrize`'s. Decorators can be stacked; what a row does not give, pytest gives.
"""

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

Test: TypeAlias = Callable[..., None]


def each_row(names: str | tuple[str, ...], rows: Iterable[Any]) -> Callable[[Test], Test]:
    """The test as one that is run with every row: tuples of as many values as there are names, or single values.

    Raises ExceptionGroup: the failures of all rows that failed, each with a note of the row's values.
    """
    keys = (names,) if isinstance(names, str) else names
    table = list(rows)

    def decorate(test: Test) -> Test:
        @functools.wraps(test)
        def all_rows(*args: object, **given: object) -> None:
            failures = list(failures_of(functools.partial(test, *args, **given), keys, table))
            if failures:
                raise ExceptionGroup(f"{len(failures)} of {len(table)} rows", failures)

        signature = inspect.signature(test)
        kept = [parameter for name, parameter in signature.parameters.items() if name not in keys]
        # What pytest reads to know which fixtures a test wants.
        vars(all_rows)["__signature__"] = signature.replace(parameters=kept)
        return all_rows

    return decorate


def failures_of(test: Test, keys: Sequence[str], table: Sequence[Any]) -> Iterator[Exception]:
    for number, row in enumerate(table, 1):
        values = (row,) if len(keys) == 1 else tuple(row)
        assert len(values) == len(keys), f"row {number} has {len(values)} values for {len(keys)} names"
        given = dict(zip(keys, values, strict=True))
        try:
            test(**given)
        except Exception as error:  # noqa: BLE001 -- any failure of a row is told, with all others
            shown = ", ".join(f"{key}={value!r}" for key, value in given.items())
            error.add_note(f"row {number}: {shown}"[:2000])
            yield error
