"""How they work together: state, routes, graph, checkpoints, the command line."""
