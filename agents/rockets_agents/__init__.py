"""Who works: the roles of the team, the agent loop, the model seam."""
