"""Check the exercises of the chapters against the solutions in course/solutions.

    python tools/exercises.py                    all chapters; closes with 'N passed, N failed'
    python tools/exercises.py 02 05              some chapters only
    python tools/exercises.py 02 --show          what the tests say to every wrong answer, too

A chapter's exercises stand under its heading '## Your turn': first the cells that every exercise needs (imports, data), then
for each exercise a heading '### Exercise N: title', the task, one cell to fill in and cells that begin with
'# Test, P points: what it holds'. All of these cells are marked '#| eval: false', so that a run of the chapter passes them by.

A file of solutions is cut by lines '# %% N' (the answer to exercise N) and '# %% N, wrong: what is wrong with it'.

Every test fails on the empty cell; the answer passes all; each wrong answer is refused by an assertion with a message. Tests
run in a copy of the names each, so none leans on another.
"""
import argparse, ast, contextlib, copy, io, json, linecache, os, random, re, signal, sys, time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEVELS = ('Warm-up', 'Core', 'Open')

@dataclass
class Exercise:
    "One exercise: its text and cells, the answer, and wrong answers by what is wrong with them."
    chapter: str; number: int; title: str; level: str; minutes: int; text: str; stub: str
    tests: list = field(default_factory=list) # (points, what it holds, source)
    answer: str = ''
    wrong: dict = field(default_factory=dict)
    @property
    def name(self): return f'{self.chapter[:2]}.{self.number}'
    @property
    def points(self): return sum(p for p, _, _ in self.tests)

def without_directives(source):
    "The source of a cell without its lines '#| ...'."
    return '\n'.join(l for l in source.splitlines() if not l.lstrip().startswith('#|')).strip()

def read_chapter(path):
    "The setup (list of sources) and the exercises of one notebook."
    setup, exercises, on, now, text = [], [], False, None, []
    for cell in json.loads(Path(path).read_text(encoding='utf-8'))['cells']:
        source = ''.join(cell['source'])
        if cell['cell_type'] == 'markdown':
            if source.startswith('## '): on = source.strip() == '## Your turn'
            elif on and (m := re.match(r'### Exercise (\d+): (.+)', source)):
                now, text = Exercise(Path(path).stem, int(m[1]), m[2].strip(), '', 0, '', ''), []
                exercises.append(now)
            elif on and now and not now.stub: text.append(source)
        elif on:
            where = f'{Path(path).name}, {"exercise " + str(now.number) if now else "the setup of Your turn"}'
            if not source.startswith('#| eval: false\n'): raise SystemExit(f"{where}: a code cell does not begin with '#| eval: false'")
            code = without_directives(source)
            if now is None: setup.append(code)
            elif m := re.match(r'# Test, ([1-9]\d*) points?: (.+)', code): now.tests.append((int(m[1]), m[2], code))
            elif not now.stub and not now.tests: now.stub, now.text = code, '\n\n'.join(text)
            else: raise SystemExit(f"{where}: a cell after the empty one does not begin with '# Test, P points: ...'")
    for e in exercises:
        m = re.match(r'\*(Warm-up|Core|Open), (\d+) minutes\.\*\s*', e.text)
        if not m: raise SystemExit(f"{e.name}: the text begins with {e.text[:30]!r}; allowed: '*Warm-up, 10 minutes.* ...', Core or Open")
        e.level, e.minutes, e.text = m[1], int(m[2]), e.text[m.end():]
    return setup, exercises

def read_solutions(path, exercises):
    "Put the answers of one file into the exercises."
    by_number = {e.number: e for e in exercises}
    parts = re.split(r'^# %% (.+)$', Path(path).read_text(encoding='utf-8'), flags=re.M)
    if bad := re.search(r'^#\s*%%(?<!^# %%).*|^# %%\S.*', ''.join(parts[::2]), re.M): raise SystemExit(f"{Path(path).name}: {bad[0]!r}; allowed: '# %% N' and '# %% N, wrong: what is wrong'")
    for head, code in zip(parts[1::2], parts[2::2]):
        m = re.fullmatch(r'(\d+)(?:, wrong: (.+))?', head.strip())
        if not m or int(m[1]) not in by_number: raise SystemExit(f"{Path(path).name}: '# %% {head}' belongs to no exercise; allowed: '# %% N' and '# %% N, wrong: what is wrong'")
        e = by_number[int(m[1])]
        if m[2] in e.wrong or (not m[2] and e.answer): raise SystemExit(f"{Path(path).name}: '# %% {head}' stands twice")
        if m[2]: e.wrong[m[2]] = code.strip()
        else: e.answer = code.strip()

def chapters(only=()):
    "{stem: (setup, exercises)} of all numbered notebooks, with their solutions."
    found = {}
    for path in sorted((ROOT/'nbs').glob('[0-9][0-9]_*.ipynb')):
        if only and path.stem[:2] not in only: continue
        setup, exercises = read_chapter(path)
        answers = ROOT/'course'/'solutions'/f'{path.stem}.py'
        if answers.is_file(): read_solutions(answers, exercises)
        found[path.stem] = setup, exercises
    if not only and (lost := [p.name for p in sorted((ROOT/'course'/'solutions').glob('*.py')) if p.stem not in found]): raise SystemExit(f'course/solutions has {", ".join(lost)}, but no chapter has this name')
    return found

@contextlib.contextmanager
def limit(seconds):
    "End what takes longer, where the system can."
    if not hasattr(signal, 'SIGALRM'): yield; return # Windows
    def late(*_): raise TimeoutError(f'not finished after {seconds} s')
    old = signal.signal(signal.SIGALRM, late); signal.alarm(seconds)
    try: yield
    finally: signal.alarm(0); signal.signal(signal.SIGALRM, old)

def run_cell(source, names, where):
    "Execute one cell; the exception it raised, or None."
    linecache.cache[where] = len(source), None, source.splitlines(keepends=True), where # so that inspect and tracebacks find the source
    try:
        with limit(120), contextlib.redirect_stdout(io.StringIO()): exec(compile(source, where, 'exec'), names)
    except (Exception, SystemExit) as e: return e

def start(setup, chapter):
    "Fresh names after the setup cells, with fixed seeds."
    import numpy as np, torch
    torch.manual_seed(0); np.random.seed(0); random.seed(0)
    names = {'__name__': 'exercise'}
    for i, source in enumerate(setup):
        if (error := run_cell(source, names, f'{chapter}, setup {i + 1}')) is not None: raise SystemExit(f'{chapter}: the setup raises {error!r}')
    return names

def grade(setup, e, answer):
    "The error of each test (None: passed) when the empty cell is filled with `answer`; an answer that raises fails all."
    names = start(setup, e.chapter)
    if (error := run_cell(answer, names, f'{e.name}, answer')) is not None: return [error]*len(e.tests)
    return [run_cell(source, copy.copy(names), f'{e.name}, {what}') for _, what, source in e.tests]

def check(setup, e, show=False):
    "What is wrong with an exercise; an empty list is good."
    found = []
    if not e.tests: found.append('has no test')
    raised = [ast.unparse(n.exc) for n in ast.walk(ast.parse(e.stub)) if isinstance(n, ast.Raise) and n.exc]
    if not any(r.startswith('NotImplementedError') for r in raised): found.append('the empty cell does not raise NotImplementedError')
    found += [f'the test {what!r} asserts nothing' for _, what, source in e.tests if not re.search(r'\bassert\b|\btest_\w+\(|\bexpect_error\(', source)]
    if not e.answer: found.append('has no answer in course/solutions')
    if not e.wrong: found.append('has no wrong answer in course/solutions')
    for (_, what, _), error in zip(e.tests, grade(setup, e, e.stub)):
        if error is None: found.append(f'the empty cell passes {what!r}')
    if e.answer:
        for (_, what, _), error in zip(e.tests, grade(setup, e, e.answer)):
            if error is not None: found.append(f'the answer fails {what!r}: {error!r}')
    for wrong, code in e.wrong.items():
        errors = [error for error in grade(setup, e, code) if error is not None]
        said = [str(error) for error in errors if isinstance(error, AssertionError) and str(error).strip()]
        if not errors: found.append(f'a wrong answer passes: {wrong}')
        elif not said: found.append(f'a wrong answer is refused, but by no assertion with a message: {wrong}: {errors[0]!r}')
        elif show: print(f'       {e.name}, wrong: {wrong}\n              {said[0]}', flush=True)
    return found

def check_chapter(stem, setup, exercises):
    "What is wrong with the exercises of a chapter as a set."
    found = []
    if len(exercises) < 3: found.append(f'has {len(exercises)} exercises; at least 3 are wanted')
    if [e.number for e in exercises] != list(range(1, len(exercises) + 1)): found.append('exercises are not numbered 1, 2, 3, ...')
    levels = [LEVELS.index(e.level) for e in exercises]
    if levels != sorted(levels) or not {0, 2} <= set(levels): found.append(f'the levels are {", ".join(e.level for e in exercises)}; wanted: from a Warm-up to an Open one')
    return found

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('chapters', nargs='*', help="numbers of chapters, like 02 (default: all)")
    parser.add_argument('--show', action='store_true', help='print what the tests say to the wrong answers')
    args = parser.parse_args()
    os.chdir(ROOT/'nbs'); os.environ.setdefault('MPLBACKEND', 'agg'); os.environ['SPECTRAL_AR_PROGRESS'] = '0'
    import torch
    torch.set_num_threads(1)
    found = chapters(args.chapters)
    if missing := [c for c in args.chapters if not any(stem.startswith(c) for stem in found)]: sys.exit(f'no chapter has the number {", ".join(missing)}; allowed: two digits, like 02')
    passed = failed = 0
    for stem, (setup, exercises) in found.items():
        for name, job in [(f'{stem}: {len(exercises)} exercises', lambda: check_chapter(stem, setup, exercises))] + [
                          (f'{e.name} {e.title} ({e.level}, {e.points} points)', lambda e=e: check(setup, e, args.show)) for e in exercises]:
            t = time.time(); why = job(); passed += not why; failed += bool(why)
            print(f'{"FAILED" if why else "ok":6} {time.time() - t:5.1f} s  {name}', *why, sep='\n       ', flush=True)
    print(f'{passed} passed, {failed} failed')
    sys.exit(failed > 0)

if __name__ == '__main__': main()
