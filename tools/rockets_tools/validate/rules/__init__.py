"""The rules: each module states its rules and the checks that find what breaks them."""
