"""What they can do: plan, generate, integrate, validate, migrate, build, smoke."""
