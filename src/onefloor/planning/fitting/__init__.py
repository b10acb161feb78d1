"""From the facts of a floor to a model that can be simulated.

``fit`` reads what happened and returns a model with what each of its parameters rests on; ``times`` and ``patience``
fit laws, ``busyness`` the factor of a day, ``paces`` agents, ``returning`` who calls again, ``serving`` who serves
what;
``writing`` makes the model file, ``comparing`` holds simulated days against observed ones.
"""
