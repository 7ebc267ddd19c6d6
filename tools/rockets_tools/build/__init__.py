"""Install the project's packages and compile it."""

from rockets_tools.build.compile import BuildError, BuildResult, build
from rockets_tools.build.packages import install, needs_install

__all__ = ["BuildError", "BuildResult", "build", "install", "needs_install"]
