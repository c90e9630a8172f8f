"""Make the colour folder of chapter 14 from the Open Clip Art Library (public domain), Debian's package openclipart-png: 21 categories
(the 22nd, shapes, holds hundreds of nearly equal line figures, and is left out).

    python tools/openclipart.py /usr/share/openclipart/png clipart64
"""
import sys
from pathlib import Path

from PIL import Image

from spectral_ar.core import progress
from spectral_ar.data import fit_image, open_image


def main(source: Path, dest: Path, size: int = 64):
    "Reduce every picture to `size`; the category, the first folder of its path, becomes its class."
    if not source.is_dir(): sys.exit(f'no folder {source}; allowed: png/ of the package openclipart-png')
    skipped = []
    for path in progress(sorted(source.rglob('*/*.png')), 'reading'):
        category, *rest = path.relative_to(source).parts
        if category == 'shapes': continue
        try: pixels = fit_image(open_image(path), size, 3)
        except (OSError, ValueError) as e: skipped.append(e); continue
        (dest/category).mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels.movedim(0, -1).numpy()).save(dest/category/'-'.join(rest))
    print(f'{dest}: {len(list(dest.rglob("*.png"))):,} pictures; {len(skipped)} could not be read', *skipped[:3], sep='\n')


if __name__ == '__main__':
    if len(sys.argv) != 3: sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
