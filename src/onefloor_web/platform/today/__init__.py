"""The first page after sign-in: what needs the viewer before anything else."""
