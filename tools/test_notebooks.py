"""Run every chapter as a test, each in its own process with a time limit; then the exercises, the course kit and the site; and check
that what is generated is in step.

    python tools/test_notebooks.py                    all of it; closes with 'N passed, N failed'
    python tools/test_notebooks.py nbs/02_*.ipynb     some chapters only
    python tools/test_notebooks.py --limit 900        seconds a chapter may take (default 600)
    python tools/test_notebooks.py --jobs 1           at once, each with its share of the cores (default 2)
"""
import argparse, filecmp, glob, os, re, shutil, signal, subprocess, sys, tempfile, time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

try: import resource
except ImportError: resource = None # Windows

ROOT = Path(__file__).resolve().parent.parent
RUN_ONE = """
import sys
from pathlib import Path
from nbdev.config import get_config
from nbdev.test import test_nb
ok, _ = test_nb(Path(sys.argv[1]), skip_flags=get_config().tst_flags.split(), basepath=get_config().config_path)
sys.exit(not ok)
"""

def run(command, limit, **env):
    "Run a command with its own process group: exit code (None: it took too long), stdout, stderr."
    with subprocess.Popen(command, cwd=ROOT, env=dict(os.environ, SPECTRAL_AR_PROGRESS='0', **env), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True) as p:
        try: return (lambda out: (p.returncode, *out))(p.communicate(timeout=limit))
        except subprocess.TimeoutExpired:
            if hasattr(os, 'killpg'): os.killpg(p.pid, signal.SIGKILL) # and whatever it has started
            else: p.kill()
            return None, *p.communicate()

def run_chapter(path, limit):
    "Execute one notebook with nbdev's own test function; None if it passed, else the reason."
    code, out, err = run([sys.executable, '-c', RUN_ONE, str(path)], limit, MPLBACKEND='agg')
    return f'not finished after {limit} s' if code is None else (err or out)[-6000:] if code else None

def run_tool(name, *args, limit=900):
    "Run one of the tools: None if it succeeded, else its last words; and what it printed."
    code, out, err = run([sys.executable, str(ROOT/'tools'/f'{name}.py'), *args], limit, PYTHONPATH=str(ROOT))
    return f'not finished after {limit} s' if code is None else (out + err)[-6000:] if code else None, re.sub(r'\d+ passed, 0 failed\n', '', out) # the last line of all is this tool's own

def regenerated(folder):
    "A copy of the project in `folder` whose modules, notebooks and README have just been made again."
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns('.git', '_proc', '_docs', '*.egg-info', '__pycache__', 'weights', 'data', 'runs', '.venv', 'venv'))
    for module in Path(folder).glob('spectral_ar/*.py'):
        if module.name != '__init__.py': module.unlink()
    for command in ('from nbdev.doclinks import nbdev_export; nbdev_export()',
                    'from nbdev.clean import nbdev_clean; nbdev_clean()'):
        subprocess.run([sys.executable, '-c', command], cwd=folder, check=True, capture_output=True, text=True)
    subprocess.run([sys.executable, 'tools/run_notebooks.py', 'nbs/syllabus.ipynb'], cwd=folder, check=True, capture_output=True, text=True) # its tables are made from the others
    subprocess.run([sys.executable, 'tools/make_readme.py'], cwd=folder, check=True, capture_output=True, text=True)
    return Path(folder)

def out_of_step():
    "Generated files that differ from what their sources give; an empty list is good."
    with tempfile.TemporaryDirectory() as d:
        fresh = regenerated(os.path.join(d, 'copy'))
        made = [p.relative_to(fresh) for g in ('spectral_ar/*.py', 'nbs/*.ipynb', 'README.md') for p in fresh.glob(g)]
        kept = [p.relative_to(ROOT) for g in ('spectral_ar/*.py', 'nbs/*.ipynb', 'README.md') for p in ROOT.glob(g)]
        return sorted({str(p) for p in {*made, *kept} if not ((ROOT/p).is_file() and (fresh/p).is_file() and filecmp.cmp(ROOT/p, fresh/p, shallow=False))})

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('paths', nargs='*', help='notebooks or patterns (default: all of nbs/)')
    parser.add_argument('--limit', type=int, default=600, help='seconds a chapter may take')
    parser.add_argument('--jobs', type=int, default=2, help='how many run at once')
    args = parser.parse_args()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()
    workers = max(1, min(args.jobs, cores))
    os.environ.setdefault('OMP_NUM_THREADS', str(max(1, cores//workers)))
    jobs, start = [], time.time()
    def chapter(path): return lambda: (run_chapter(Path(path).resolve(), args.limit), '')
    for pattern in args.paths or [str(ROOT/'nbs/*.ipynb')]:
        found = sorted(glob.glob(pattern))
        if not found: jobs.append((pattern, lambda: ('no notebook has this name', '')))
        jobs += [(os.path.relpath(f, ROOT), chapter(f)) for f in found]
    if not args.paths:
        jobs += [('every exercise: empty, answered, answered wrongly', lambda: run_tool('exercises')),
                 ('the course kit: release, submit, grade', lambda: run_tool('course', 'check')),
                 ('the site: built, links followed, pages opened', lambda: run_tool('build_site', '--check')),
                 ('modules, notebooks and README in step', lambda: (', '.join(out_of_step()) or None, ''))]
    def timed(job):
        t = time.time()
        try: return (*job(), time.time() - t)
        except Exception as e: return f'{e!r}\n{getattr(e, "stderr", None) or ""}'[-6000:], '', time.time() - t
    failed = 0
    with ThreadPoolExecutor(workers) as pool:
        names = {pool.submit(timed, job): name for name, job in jobs}
        for done in as_completed(names):
            why, said, seconds = done.result()
            failed += why is not None
            print(f'{"FAILED" if why else "ok":6} {seconds:6.1f} s  {names[done]}', flush=True)
            for line in [why] if why else [f'       {l}' for l in said.strip().splitlines()[-18:] if not l.startswith('ok ')]: print(line, flush=True)
    held = '' if resource is None else f'; the largest process held {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss/(2**30 if sys.platform == "darwin" else 2**20):.1f} GiB'
    print(f'{time.time() - start:.0f} s in all{held}\n{len(jobs) - failed} passed, {failed} failed', flush=True)
    sys.exit(failed > 0)

if __name__ == '__main__': main()
