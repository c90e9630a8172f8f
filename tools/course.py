"""The course kit: graded assignments made from the exercises of the chapters, with nbgrader.

    python tools/course.py release FOLDER              what students get: notebooks to fill in, the package as a wheel, how to install
    python tools/course.py grade SUBMISSIONS FOLDER    grade SUBMISSIONS/STUDENT/ASSIGNMENT.ipynb: scores.csv and a page of feedback each
    python tools/course.py pin NAME                    record the packaged data, weights and recipes as a course release
    python tools/course.py check                       release, submit, grade: full marks for the answers, none for blanks, fewer for a wrong answer

course/course.json says which exercises make an assignment; their text, cells and points stand in the chapters, the answers in course/solutions.
--private FOLDER adds tests that students do not see, from FOLDER/ASSIGNMENT.py, cut by lines '# %% EXERCISE, P points: what it holds'.
Give the same folder to release and to grade, and keep it out of a public repository. course/README.md tells the whole story.
"""
import argparse, contextlib, csv, hashlib, json, logging, os, re, shutil, subprocess, sys, tempfile, time, warnings
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from exercises import ROOT, chapters
from mend_links import site_url

COURSE = ROOT/'course'
PACKAGED = ('data/*.gz', 'weights/*/*.safetensors', 'weights/*/*.json', 'recipes/*.json')
PIN_CELL = '''# What this assignment was made with, release {release}. Leave this cell as it is.
import hashlib
import importlib.resources
import random
import numpy as np
import torch

PINNED = {pinned}
for name, digest in PINNED.items():
    found = hashlib.sha256((importlib.resources.files('spectral_ar')/name).read_bytes()).hexdigest()
    if not found.startswith(digest): raise RuntimeError(f'spectral_ar/{{name}} is not that of course release {release}: install the package that came with the assignment')
random.seed(0); np.random.seed(0); torch.manual_seed(0);'''

# ---- releases

def packaged():
    "{file: SHA-256} of the data, weights and recipes in the package, on which answers may depend."
    files = sorted(p for pattern in PACKAGED for p in (ROOT/'spectral_ar').glob(pattern) if p.name != 'metrics.json') # that one describes weights
    return {p.relative_to(ROOT/'spectral_ar').as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

def version(): return re.search(r'^version = (\S+)', (ROOT/'settings.ini').read_text(encoding='utf-8'), re.M)[1]

def pin(name):
    "Record a course release."
    if not re.fullmatch(r'\w[\w.-]*', name): sys.exit(f'the name is {name!r}; allowed: letters, digits, and after the first dots and dashes')
    path = COURSE/'releases'/f'{name}.json'
    if path.exists(): sys.exit(f'{path.relative_to(ROOT)} exists: a release does not change; take another name')
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(dict(release=name, version=version(), files=packaged()), indent=1) + '\n', encoding='utf-8')
    print(f'{path.relative_to(ROOT)}: {len(packaged())} files. Set "release" in course/course.json, commit, and tag the commit: git tag course-{name}')

def check_pin(course):
    "The record of the course's release, if this checkout is that release."
    path = COURSE/'releases'/f'{course["release"]}.json'
    if not path.is_file(): sys.exit(f'course/course.json names release {course["release"]!r}, but {path.relative_to(ROOT)} is not there: python tools/course.py pin {course["release"]}')
    record = json.loads(path.read_text(encoding='utf-8'))
    now = packaged()
    other = sorted(name for name in {*now, *record['files']} if now.get(name) != record['files'].get(name))
    if other: sys.exit(f'{", ".join(other)}: not as in course release {course["release"]}. In the middle of a term: git checkout course-{course["release"]}. For a new term: pin another release')
    return record

# ---- assignments

def public_links(text):
    "Links to chapters lead to the site."
    def link(m):
        page = re.sub(r'^\d\d_', '', m[1])
        return f']({site_url()}{page}.html{m[2] or ""})'
    return re.sub(r'\]\((\w+)\.ipynb(#[^)]*)?\)', link, text)

def private_tests(folder, name):
    "{exercise: [(points, what, source)]} of the teacher's own tests."
    path = Path(folder)/f'{name}.py' if folder else None
    if path is None or not path.is_file(): return {}
    text, found = path.read_text(encoding='utf-8'), {}
    parts = re.split(r'^# %% (.+)$', text, flags=re.M)
    if bad := re.search(r'^#\s*%%.*', ''.join(parts[::2]), re.M): sys.exit(f"{path}: {bad[0]!r}; allowed: '# %% 02.1, 2 points: what it holds'")
    for head, code in zip(parts[1::2], parts[2::2]):
        m = re.fullmatch(r'(\d\d\.\d+), ([1-9]\d*) points?: (.+)', head.strip())
        if not m: sys.exit(f"{path}: '# %% {head}'; allowed: '# %% 02.1, 2 points: what it holds'")
        found.setdefault(m[1], []).append((int(m[2]), m[3], code.strip()))
    if not found: sys.exit(f"{path} has no test; a test begins with '# %% 02.1, 2 points: what it holds'")
    return found

def check_private(folder, course):
    "Refuse a folder of private tests that would not be used as meant."
    if not folder: return
    names = [a['name'] for a in course['assignments']]
    if not Path(folder).is_dir(): sys.exit(f'--private is {folder}: there is no such folder')
    files = sorted(Path(folder).glob('*.py'))
    if other := [f.name for f in files if f.stem not in names]: sys.exit(f'{folder} has {", ".join(other)}; allowed: {", ".join(f"{n}.py" for n in names)}')
    if not files: sys.exit(f'{folder} has no tests; wanted: one or more of {", ".join(f"{n}.py" for n in names)}')

def grader(grade_id, **kind): return dict(nbgrader=dict(grade_id=grade_id.replace('.', '_'), schema_version=3, task=False, **dict(grade=False, solution=False, locked=True) | kind))

def source_notebook(assignment, course, private=None):
    "The instructor's version: answers between marks that nbgrader cuts out."
    found, hidden = chapters(), private_tests(private, assignment['name'])
    by_name = {e.name: (stem, setup, e) for stem, (setup, exercises) in found.items() for e in exercises}
    if missing := [n for n in [*assignment['exercises'], *hidden] if n not in by_name]: sys.exit(f'{assignment["name"]}: no exercise {", ".join(missing)}; there are {", ".join(by_name)}')
    if other := [n for n in hidden if n not in assignment['exercises']]: sys.exit(f'private tests of {assignment["name"]}: {", ".join(other)} is not among its exercises')
    if len(set(assignment['exercises'])) < len(assignment['exercises']): sys.exit(f'{assignment["name"]} names an exercise twice: {", ".join(assignment["exercises"])}')
    record = check_pin(course)
    chosen = [by_name[n] for n in assignment['exercises']]
    points = sum(e.points + sum(p for p, _, _ in hidden.get(e.name, ())) for _, _, e in chosen)
    minutes = sum(e.minutes for _, _, e in chosen)
    pinned = '{\n' + ''.join(f'    {name!r}: {digest[:16]!r},\n' for name, digest in record['files'].items()) + '}'
    cells = [new_markdown_cell(f'# {assignment["title"]}\n\n{points} points, about {minutes} minutes. Fill in the cells that raise `NotImplementedError`; the tests below each say whether it holds, '
                               'and how many points they give. Leave the tests and the names of functions as they are: the tests are put back before grading. '
                               + ('Some tests are private: they run when it is graded. ' if hidden else '') + f'The chapters are at <{site_url()}>.', metadata=grader('about')),
             new_code_cell(PIN_CELL.format(release=course['release'], pinned=pinned), metadata=grader('pin'))]
    now = None
    for stem, setup, e in chosen:
        if stem != now:
            now = stem
            cells += [new_code_cell(source, metadata=grader(f'setup-{e.name}-{i + 1}')) for i, source in enumerate(setup)]
        total = e.points + sum(p for p, _, _ in hidden.get(e.name, ()))
        cells.append(new_markdown_cell(f'## {e.name} {e.title}\n\n*{e.level}, {e.minutes} minutes, {total} points.* {public_links(e.text)}', metadata=grader(f'text-{e.name}')))
        answer = f'{e.stub}\n\n### BEGIN SOLUTION\n{e.answer}\n### END SOLUTION'
        cells.append(new_code_cell(answer, metadata=grader(f'answer-{e.name}', solution=True, locked=False)))
        for i, (p, _, source) in enumerate(e.tests): cells.append(new_code_cell(source, metadata=grader(f'test-{e.name}-{i + 1}', grade=True, points=p)))
        for i, (p, what, source) in enumerate(hidden.get(e.name, ())):
            marked = f'# Private test, {p} points: {what}\n### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS'
            cells.append(new_code_cell(marked, metadata=grader(f'private-{e.name}-{i + 1}', grade=True, points=p)))
        if '?' in e.text: cells.append(new_markdown_cell('*Your answer to the questions of the text (no points):*'))
    for i, cell in enumerate(cells): cell['id'] = f'c{i:03}'
    held = [(c.metadata.nbgrader.grade_id, c.metadata.nbgrader.get('points'), c.source) for c in cells if 'nbgrader' in c.metadata and not c.metadata.nbgrader.solution]
    digest = hashlib.sha256(json.dumps(held).encode()).hexdigest() # of all that is not to be filled in, private tests included
    return new_notebook(cells=cells, metadata=dict(kernelspec=dict(display_name='Python 3', language='python', name='python3'), spectral_ar=dict(release=course['release'], tests=digest)))

def api(folder):
    "nbgrader, working in `folder`."
    from nbgrader.apps.api import NbGraderAPI
    from traitlets.config import Config
    c = Config()
    c.CourseDirectory.root = str(folder)
    c.CourseDirectory.db_url = f'sqlite:///{folder}/gradebook.db'
    c.Exchange.root = str(folder)
    c.ExecutePreprocessor.timeout = 180
    c.ClearSolutions.code_stub = dict(python='')
    c.IncludeHeaderFooter.header = ''
    warnings.filterwarnings('ignore', module='nbgrader') # SQLAlchemy's, about nbgrader's own way to add rows
    found = NbGraderAPI(config=c)
    found.log.setLevel(logging.ERROR)
    return found

def done(result, what):
    "Go on if nbgrader succeeded."
    if not result['success']: sys.exit(f'{what}: {reason(result)}')

def reason(result):
    "One line: why nbgrader did not succeed."
    said = [l.strip() for l in (result.get('log') or '').splitlines() if re.match(r'\s*[\w.]*(Error|Exception)\b', l) and 'NbGraderException' not in l]
    return (said or (result.get('error') or '').strip().splitlines() or ['nbgrader gives no reason'])[-1]

def prepare(folder, course, private=None, only=()):
    "Sources and student versions of the assignments, in an nbgrader course folder."
    nbgrader = api(folder)
    for a in course['assignments']:
        if only and a['name'] not in only: continue
        source = folder/'source'/a['name']/f'{a["name"]}.ipynb'
        source.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(source_notebook(a, course, private), source)
        done(nbgrader.generate_assignment(a['name']), a['name'])
    return nbgrader

@contextlib.contextmanager
def new_folder(folder):
    "A folder that is whole or not there: what the block writes into another one is moved here at the end."
    folder = Path(folder).resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())): sys.exit(f'{folder} is there and not empty: name a new one')
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f'.{folder.name}-'))
    try:
        yield made
        if folder.exists(): folder.rmdir()
        made.rename(folder); folder.chmod(0o755)
    finally: shutil.rmtree(made, ignore_errors=True)

STUDENTS = '''# spectral_ar: assignments

Course release {release}, spectral_ar {version}. In a fresh virtual environment, in this folder:

    pip install -r requirements.txt
    jupyter lab

Each notebook holds one assignment. Fill in the cells that raise `NotImplementedError`, run all cells, and hand in the notebook under its name.
The first cell checks that the installed package is the one these assignments were made with.
'''

def build_wheel(folder):
    "The package as a wheel, from a copy of its sources: nothing that an earlier build left behind gets in."
    with tempfile.TemporaryDirectory() as copy:
        for name in ('settings.ini', 'setup.py', 'pyproject.toml', 'README.md', 'LICENSE', 'MANIFEST.in', 'CHANGELOG.md', 'CONTRIBUTING.md'): shutil.copy(ROOT/name, copy)
        shutil.copytree(ROOT/'spectral_ar', Path(copy)/'spectral_ar', ignore=shutil.ignore_patterns('__pycache__'))
        r = subprocess.run([sys.executable, '-m', 'pip', 'wheel', '--no-deps', '-q', '-w', str(folder), copy], capture_output=True, text=True)
    if r.returncode: sys.exit(f'the wheel could not be built:\n{r.stderr[-2000:]}')
    return next(folder.glob('*.whl')).name

def release(folder, course, private=None, wheel=True):
    "Write what students get."
    record = check_pin(course); check_private(private, course)
    with new_folder(folder) as made, tempfile.TemporaryDirectory() as work:
        prepare(Path(work), course, private)
        for a in course['assignments']: shutil.copy(Path(work)/'release'/a['name']/f'{a["name"]}.ipynb', made)
        need = f'./{build_wheel(made)}' if wheel else f'spectral_ar @ git+https://github.com/spectral-ar/spectral_ar@course-{course["release"]}'
        (made/'requirements.txt').write_text(f'{need}\njupyterlab\nipykernel\n', encoding='utf-8')
        (made/'release.json').write_text(json.dumps(record, indent=1) + '\n', encoding='utf-8')
        (made/'README.md').write_text(STUDENTS.format(release=course['release'], version=record['version']), encoding='utf-8')
    print(f'{folder}: {len(course["assignments"])} assignments of release {course["release"]}')

# ---- grading

SUSPECT = ('get_ipython', '../', 'builtins', '__eq__', 'nbgrader', 'subprocess', 'os.system', 'sys._getframe', 'gc.get')

def submissions(folder, course):
    "[(student, assignment, path)] of the notebooks in `folder`."
    names = {a['name'] for a in course['assignments']}
    found, ignored = [], []
    for path in sorted(Path(folder).glob('*/*.ipynb')):
        if path.parent.name.startswith('.'): continue # Jupyter's checkpoints
        if path.stem in names: found.append((path.parent.name, path.stem, path))
        else: ignored.append(f'{path.parent.name}/{path.name}')
    if ignored: print(f'not graded, since no assignment has this name: {", ".join(ignored)}; the assignments are {", ".join(sorted(names))}')
    if not found: sys.exit(f'{folder} has no STUDENT/ASSIGNMENT.ipynb; the assignments are {", ".join(sorted(names))}')
    return found

def take_in(path, to, source):
    "Copy a submission to `to`, without what nbgrader stumbles over; what is wrong with it, and what a teacher should look at."
    try: nb = nbformat.read(path, as_version=4)
    except Exception as e: return f'not a notebook: {type(e).__name__}', ''
    want, have = source.metadata.spectral_ar, nb.metadata.get('spectral_ar')
    if have != want: return ('no notebook of a release' if have is None else f'made with other exercises or private tests (release {have.get("release")}, tests {str(have.get("tests"))[:8]}; '
                             f'here: {want.release}, {want.tests[:8]}): grade with the checkout and the --private folder that released it'), ''
    seen = set()
    for cell in nb.cells: # copied and split cells
        grade_id = cell.metadata.get('nbgrader', {}).get('grade_id')
        if grade_id is None or grade_id in seen: cell.metadata.pop('nbgrader', None)
        seen.add(grade_id)
    graded = [c.metadata.nbgrader.grade_id for c in source.cells if 'nbgrader' in c.metadata and c.metadata.nbgrader.grade]
    lost = [g for g in graded if g not in seen]
    look = sorted({word for word in SUSPECT for c in nb.cells if c.cell_type == 'code' and word in c.source and not (c.metadata.get('nbgrader', {}).get('locked'))})
    to.mkdir(parents=True)
    nbformat.write(nb, to/path.name)
    return f'cells are missing: {", ".join(lost)}' if lost else '', ' '.join(look)

def without_private(nb):
    "A graded notebook as its student may see it: of a private test the title, and what a failure said."
    for cell in nb.cells:
        if '### BEGIN HIDDEN TESTS' not in cell.source: continue
        cell.source = cell.source.split('### BEGIN HIDDEN TESTS')[0].rstrip()
        cell.outputs = [o for o in cell.outputs if o.output_type == 'error']
        for o in cell.outputs: o.traceback = [f'{o.ename}: {o.evalue}']
    return nb

def feedback(nbgrader, work, student, name):
    "Write the page of feedback; None, or why there is none."
    path = work/'autograded'/student/name/f'{name}.ipynb'
    whole = path.read_bytes() # stays as it is for the teacher
    nbformat.write(without_private(nbformat.read(path, as_version=4)), path)
    try: result = nbgrader.generate_feedback(name, student)
    finally: path.write_bytes(whole)
    return None if result['success'] else reason(result)

def grade(folder, out, course, private=None):
    "Grade all notebooks in `folder`; [{'student', 'assignment', 'score', 'max', exercise: score ...}]."
    from tqdm import tqdm
    check_pin(course); check_private(private, course)
    found, rows = submissions(folder, course), []
    with new_folder(out) as made:
        work = made/'nbgrader'
        nbgrader = prepare(work, course, private, only={a for _, a, _ in found})
        for student, name, path in tqdm(found, desc='grading', disable=os.environ.get('SPECTRAL_AR_PROGRESS') == '0'):
            row = dict(student=student, assignment=name, score=0., max=0.)
            rows.append(row)
            source = nbformat.read(work/'source'/name/f'{name}.ipynb', as_version=4)
            row['error'], row['look'] = take_in(path, work/'submitted'/student/name, source)
            if not (work/'submitted'/student/name).is_dir(): continue
            result = nbgrader.autograde(name, student)
            if not result['success']: row['error'] = f'not graded: {reason(result)}'; continue
            with nbgrader.gradebook as book:
                for g in book.find_submission_notebook(name, name, student).grades:
                    exercise = g.name.split('-')[1].replace('_', '.')
                    row['score'] += g.score; row['max'] += g.max_score
                    row[exercise] = row.get(exercise, 0.) + g.score
            if why := feedback(nbgrader, work, student, name): row['error'] = f'no feedback: {why}'; continue
            (made/'feedback'/student).mkdir(parents=True, exist_ok=True)
            shutil.copy(work/'feedback'/student/name/f'{name}.html', made/'feedback'/student)
        fields = ['student', 'assignment', 'score', 'max', *sorted({k for r in rows for k in r if k[0].isdigit()}), 'error', 'look']
        with open(made/'scores.csv', 'w', newline='', encoding='utf-8') as f:
            writer = csv.DictWriter(f, fields); writer.writeheader(); writer.writerows(rows)
    return rows

def table(rows):
    for r in rows:
        print(f'{r["student"]:12} {r["assignment"]:20} {r["score"]:5.1f} of {r["max"]:.0f}  ' + '; '.join(filter(None, [', '.join(f'{k} {v:.0f}' for k, v in r.items() if k[0].isdigit()),
                                                                                                                  r['error'] and f'ERROR {r["error"]}', r['look'] and f'look at: {r["look"]}'])))

# ---- check

def fill(released, answers, tests=True):
    "A submission: a student's notebook with the cells of some exercises filled in; without `tests`, somebody has emptied those."
    nb = nbformat.read(released, as_version=4)
    for cell in nb.cells:
        exercise = cell.metadata.get('nbgrader', {}).get('grade_id', '').removeprefix('answer-').replace('_', '.')
        if exercise in answers and cell.cell_type == 'code': cell.source = answers[exercise]
        if not tests and cell.metadata.get('nbgrader', {}).get('grade'): cell.source = 'pass'
    return nb

def check(course, private=None):
    "Release, submit and grade; what went wrong."
    bad = []
    with tempfile.TemporaryDirectory() as d:
        d = Path(d)
        release(d/'release', course, private, wheel=False)
        known = {e.name: e for _, exercises in chapters().values() for e in exercises}
        for a in course['assignments']:
            released = d/'release'/f'{a["name"]}.ipynb'
            text, cells = released.read_text(encoding='utf-8'), {c.metadata['nbgrader']['grade_id']: c.source.strip() for c in nbformat.read(released, as_version=4).cells if 'nbgrader' in c.metadata}
            shown = [n for n in a['exercises'] if cells[f'answer-{n.replace(".", "_")}'] != known[n].stub]
            if shown or 'BEGIN' in text: bad.append(f'{a["name"]}: the student version is not empty at {", ".join(shown) or "the private tests"}')
            full = {n: known[n].answer for n in a['exercises']}
            last = a['exercises'][-1]
            for student, answers in dict(full=full, blank={}, wrong=full | {last: next(iter(known[last].wrong.values()))}).items():
                path = d/'submitted'/student/released.name
                path.parent.mkdir(parents=True, exist_ok=True)
                nbformat.write(fill(released, answers, tests=student != 'blank'), path)
        rows = grade(d/'submitted', d/'graded', course, private)
        for r in rows:
            want = dict(full=r['score'] == r['max'] > 0, blank=r['score'] == 0 < r['max'], wrong=0 < r['score'] < r['max'])[r['student']]
            if not want or r['error'] or r['look']: bad.append(f'{r["assignment"]}: {r["student"]} has {r["score"]} of {r["max"]} points {r["error"]} {r["look"]}')
            page = d/'graded'/'feedback'/r['student']/f'{r["assignment"]}.html'
            if not page.is_file(): bad.append(f'{r["assignment"]}: no feedback for {r["student"]}')
            elif 'HIDDEN TESTS' in page.read_text(encoding='utf-8'): bad.append(f'{r["assignment"]}: the feedback for {r["student"]} shows a private test')
        table(rows)
    return bad

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest='command', required=True)
    for name, args in dict(release=['folder'], grade=['submissions', 'folder'], pin=['name'], check=[]).items():
        sub = commands.add_parser(name)
        for arg in args: sub.add_argument(arg)
        if name != 'pin': sub.add_argument('--private', help="a folder of the teacher's own tests")
        if name == 'release': sub.add_argument('--no-wheel', action='store_true', help='let students install from the tag of the release instead')
    args = parser.parse_args()
    course = json.loads((COURSE/'course.json').read_text(encoding='utf-8'))
    if args.command == 'pin': pin(args.name)
    elif args.command == 'release': release(args.folder, course, args.private, not args.no_wheel)
    elif args.command == 'grade':
        rows = grade(args.submissions, args.folder, course, args.private)
        table(rows)
        print(f'{args.folder}: scores.csv, feedback/STUDENT/ASSIGNMENT.html')
        if bad := sum(bool(r['error']) for r in rows): sys.exit(f'{bad} of {len(rows)} notebooks need your eye: see the column error')
    else:
        t = time.time(); bad = check(course, args.private or COURSE/'private_example')
        print(*bad, f'{len(bad)} things are wrong; {time.time() - t:.0f} s', sep='\n'); sys.exit(bool(bad))

if __name__ == '__main__': main()
