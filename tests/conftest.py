"""What all tests share: pytester, which only the outermost conftest may load."""

pytest_plugins = ["pytester"]
