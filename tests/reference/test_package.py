"""What the reference package offers, and what it leans on."""

import ast
import subprocess
import sys
import tokenize
from importlib.resources import files
from inspect import signature
from pathlib import Path

import pytest

import sfmock_reference


def test_the_package_exports_exactly_these_names() -> None:
    assert sfmock_reference.__all__ == [
        "AccessToken",
        "ApiError",
        "AuthError",
        "AuthorizationCode",
        "Client",
        "ClientCredentials",
        "JwtBearer",
        "LimitExceeded",
        "LimitsWatch",
        "NotFound",
        "RefreshToken",
        "Retry",
        "RowsFailed",
        "Unavailable",
        "environment",
    ]
    for name in sfmock_reference.__all__:
        assert getattr(sfmock_reference, name).__name__ == name


def sources() -> list[str]:
    modules = files("sfmock_reference").iterdir()
    return [each.read_text("utf-8") for each in modules if each.name.endswith(".py")]


def lines_of_code(source: str) -> int:
    """How many lines hold more than a comment or a docstring."""
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    code: set[int] = set()
    for token in tokenize.generate_tokens(iter(source.splitlines(keepends=True)).__next__):
        if token.type not in silent | {tokenize.ENDMARKER}:
            code.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            code.difference_update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return len(code)


def test_the_package_can_be_read_in_one_sitting() -> None:
    assert sum(map(lines_of_code, sources())) <= 400


def test_the_package_needs_requests_and_for_signatures_cryptography() -> None:
    imported: set[str] = set()
    for source in sources():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                imported.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).partition(".")[0])
    assert imported - sys.stdlib_module_names == {"requests", "cryptography", "sfmock_reference"}


def test_only_the_flow_that_signs_imports_cryptography() -> None:
    probe = "import sys, sfmock_reference; sys.exit('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0


def test_the_package_is_typed() -> None:
    assert files("sfmock_reference").joinpath("py.typed").is_file()


def test_the_reference_page_has_every_name_parameter_and_default() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "reference" / "reference-client.md"
    if not page.is_file():
        pytest.skip("the documentation is not here")
    text = page.read_text("utf-8")
    missing = [name for name in sfmock_reference.__all__ if f"`{name}" not in text]
    for offered in (sfmock_reference.Client, sfmock_reference.Retry, sfmock_reference.LimitsWatch):
        missing += [name for name in signature(offered).parameters if name not in text]
    missing += [
        name
        for name in vars(sfmock_reference.Client)
        if not name.startswith("_") and f"`{name}(" not in text
    ]
    assert missing == []
