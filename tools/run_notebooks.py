"""Run chapters top to bottom, slow cells too, and store their outputs: no progress bars, no stderr, each stream in one piece.
Cells marked '#| eval: false', the exercises, are left as they are.

    python tools/run_notebooks.py nbs/05_quantizer.ipynb nbs/08_*.ipynb
"""
import glob, os, sys, time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbdev.clean import nbdev_clean
from spectral_ar.core import atomic_path

ROOT = Path(__file__).resolve().parent.parent

def run(path):
    "Execute one notebook in its folder; it is written only if every cell succeeds."
    nb = nbformat.read(path, as_version=4)
    passed_by = [c for c in nb.cells if c.cell_type == 'code' and c.source.startswith('#| eval: false')]
    for cell in passed_by: cell.cell_type = 'raw'
    NotebookClient(nb, timeout=1800, kernel_name='python3', coalesce_streams=True, store_widget_state=False, resources=dict(metadata=dict(path=str(ROOT/'nbs')))).execute()
    for cell in passed_by: cell.update(cell_type='code', outputs=[], execution_count=None)
    for cell in nb.cells:
        if cell.cell_type == 'code': cell.outputs = [o for o in cell.outputs if o.get('name') != 'stderr']
    with atomic_path(path) as tmp: nbformat.write(nb, tmp)

if __name__ == '__main__':
    os.environ['SPECTRAL_AR_PROGRESS'] = '0'
    if not sys.argv[1:]: sys.exit(__doc__)
    found = {pattern: sorted(glob.glob(pattern)) for pattern in sys.argv[1:]}
    if missing := [pattern for pattern, files in found.items() if not files]: sys.exit(f'no notebook is called {", ".join(missing)}')
    paths = [Path(f).resolve() for files in found.values() for f in files]
    for path in paths:
        start = time.time()
        run(path)
        nbdev_clean.__wrapped__(str(path))
        print(f'{time.time() - start:6.1f} s  {path.name}', flush=True)
