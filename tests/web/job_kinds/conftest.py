"""Nothing to collect here: a kind of job can be declared only once, so its module must not be read twice."""

collect_ignore_glob = ["*.py"]
