"""What inner runs need is loaded once here: pytester forgets after each what that run has imported."""

import aiodns
import faker
import httpx
import hypothesis
import trustme
import uvloop

import pytest_sfmock.running
import sfmock.cli.commands

__all__ = ["aiodns", "faker", "httpx", "hypothesis", "pytest_sfmock", "sfmock", "trustme", "uvloop"]
