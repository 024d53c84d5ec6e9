"""The process beside the run that reads the pages which would hold up everything else."""
