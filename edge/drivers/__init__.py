"""One folder an instrument family; a driver joins an open link and a dialect, and knows nothing else."""
