"""What the reference package offers, and what it leans on."""

import ast
import sys
from importlib.resources import files

import sfmock_reference


def test_the_package_exports_exactly_these_names() -> None:
    assert sfmock_reference.__all__ == [
        "AccessToken",
        "ApiError",
        "AuthError",
        "Client",
        "ClientCredentials",
        "LimitExceeded",
        "NotFound",
        "RefreshToken",
        "Retry",
        "Unavailable",
    ]
    for name in sfmock_reference.__all__:
        assert getattr(sfmock_reference, name).__name__ == name


def test_the_package_uses_requests_and_the_standard_library_only() -> None:
    imported: set[str] = set()
    for module in files("sfmock_reference").iterdir():
        if module.name.endswith(".py"):
            for node in ast.walk(ast.parse(module.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    imported.update(alias.name.partition(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom):
                    imported.add(str(node.module).partition(".")[0])
    assert imported - sys.stdlib_module_names == {"requests", "sfmock_reference"}


def test_the_package_is_typed() -> None:
    assert files("sfmock_reference").joinpath("py.typed").is_file()
