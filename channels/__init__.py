"""The platforms: each folder translates one of them and does nothing else."""
