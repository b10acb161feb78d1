"""The floor as a simulation: contacts of several types, agents of several companies, and what becomes of each contact.

``model`` says what a floor is, ``reading`` reads it from YAML, ``simulating`` runs replications of it over threads and
``result`` says what came out with intervals; ``legs`` turns a replication into facts that the metrics measure.
"""
