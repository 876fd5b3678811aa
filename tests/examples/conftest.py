"""What inner runs need is loaded once here: pytester forgets after each what that run has imported."""

import faker
import hypothesis
import trustme

import pytest_sfmock.running
import sfmock.cli.commands

__all__ = ["faker", "hypothesis", "pytest_sfmock", "sfmock", "trustme"]
