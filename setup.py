"The package, as settings.ini describes it."
from configparser import ConfigParser
from pathlib import Path

from setuptools import find_packages, setup

parser = ConfigParser(delimiters=['='], interpolation=None)
parser.read(Path(__file__).parent/'settings.ini', encoding='utf-8')
cfg = parser['DEFAULT']

setup(
    name=cfg['lib_name'], version=cfg['version'], description=cfg['description'], keywords=cfg['keywords'],
    long_description=Path('README.md').read_text(encoding='utf-8'), long_description_content_type='text/markdown',
    author='spectral_ar contributors', author_email=cfg['author_email'], url=f"https://github.com/{cfg['user']}/{cfg['repo']}",
    classifiers=['Development Status :: 3 - Alpha', 'Intended Audience :: Developers', 'Intended Audience :: Education',
                 'Programming Language :: Python :: 3', 'Topic :: Scientific/Engineering :: Artificial Intelligence'],
    license='Apache-2.0', python_requires=f">={cfg['min_python']}", packages=find_packages(include=['spectral_ar*']),
    install_requires=cfg['requirements'].split(), extras_require={name: cfg[f'{name}_requirements'].split() for name in ('dev', 'bench')},
    package_data={'spectral_ar': cfg['package_data'].split()},
    entry_points={'console_scripts': cfg['console_scripts'].split(), 'nbdev': [f"{cfg['lib_name']}={cfg['lib_name']}._modidx:d"]},
    zip_safe=False)
