from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module",
    [
        "storage",
        "storage.records",
        "storage.reasons",
        "storage.errors",
        "storage.backoff",
        "storage.export",
        "storage.export_file",
        "storage.location",
        "storage.text",
    ],
)
def test_what_a_quick_command_needs_does_not_load_the_database(module: str) -> None:
    code = f"import sys, {module}; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
