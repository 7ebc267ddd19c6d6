"""What they are told: one prompt per role and its loader."""
