import json

import pytest

from maild.config.resources import SCHEMA_NAMES, schema_text
from maild.errors import UsageError


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_every_schema_is_found_and_names_its_dialect(name: str) -> None:
    schema = json.loads(schema_text(name))

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_a_schema_that_does_not_exist_is_a_wrong_use() -> None:
    with pytest.raises(UsageError, match=r"There is no schema nothing\. There are: account, maild,"):
        schema_text("nothing")
