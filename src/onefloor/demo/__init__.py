"""The demonstration: a generated year whose true effects are known, and floors to look at."""

from onefloor.demo.floor import Made, build

__all__ = ["Made", "build"]
