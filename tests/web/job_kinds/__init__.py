"""A Django app of the tests: kinds of jobs. Worker processes of tests have it by the settings beside."""
