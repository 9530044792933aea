"""What pyproject.toml cannot say: a wheel with a C library in it serves one platform, but every Python."""

from pathlib import Path

from setuptools import setup
from setuptools.dist import Distribution

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:  # before setuptools 70.1
    from wheel.bdist_wheel import bdist_wheel

LIBRARIES = list((Path(__file__).parent / "jobmedic").glob("*.so*"))


class WithLibraries(Distribution):
    def has_ext_modules(self) -> bool:
        return bool(LIBRARIES)


class ForEveryPython(bdist_wheel):
    def get_tag(self) -> "tuple[str, str, str]":
        return "py3", "none", super().get_tag()[2]


setup(distclass=WithLibraries, cmdclass={"bdist_wheel": ForEveryPython})
