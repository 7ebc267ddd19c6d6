"""One file per node of the graph; a node says where it goes in its return type."""
