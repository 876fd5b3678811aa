"""SOQL answered the naive way, written from the reference and from nothing of the engine: what its answers are compared with."""
