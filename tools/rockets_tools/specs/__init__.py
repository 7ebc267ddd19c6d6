"""Run the project's own tests: specs of node:test that speak HTTP to the built application."""

from rockets_tools.specs.run import SpecFailure, SpecResult, run_tests

__all__ = ["SpecFailure", "SpecResult", "run_tests"]
