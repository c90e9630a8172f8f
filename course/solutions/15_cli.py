"Answers to the exercises of chapter 15, and wrong answers that its tests refuse."

# %% 1
import re

def read_lengths(text, n):
    ks = list(range(1, n + 1)) if text == 'all' else []
    for part in [] if text == 'all' else text.split(','):
        m = re.fullmatch('([0-9]+)(?:-([0-9]+))?', part.strip())
        first, last = (int(m[1]), int(m[2] or m[1])) if m else (0, 0)
        if not (ks[-1] if ks else 0) < first <= last <= n: raise ValueError(f"ks is {text!r}; allowed: 'all', or growing numbers and ranges from 1 to {n}, like 1-4,8")
        ks += range(first, last + 1)
    return ks
# The check comes before the range is written out: 1-999999999999 costs nothing.

# %% 1, wrong: errors of int slip through
def read_lengths(text, n):
    if text == 'all': return list(range(1, n + 1))
    ks = []
    for part in text.split(','):
        a, *b = part.split('-')
        ks += range(int(a), int(b[0] if b else a) + 1)
    if not ks or sorted(set(ks)) != ks or ks[0] < 1 or ks[-1] > n: raise ValueError(f'ks is {text!r}; allowed: growing numbers from 1 to {n}')
    return ks

# %% 1, wrong: sorts what was typed and drops doubles
def read_lengths(text, n):
    if text == 'all': return list(range(1, n + 1))
    ks = set()
    try:
        for part in text.split(','):
            a, b = part.split('-') if '-' in part else (part, part)
            ks |= {*range(int(a), int(b) + 1)}
    except ValueError: ks = set()
    if not ks or min(ks) < 1 or max(ks) > n: raise ValueError(f'ks is {text!r}; allowed: numbers from 1 to {n}')
    return sorted(ks)

# %% 1, wrong: trusts int with every character
def read_lengths(text, n):
    ks = list(range(1, n + 1)) if text == 'all' else []
    try:
        for part in [] if text == 'all' else text.split(','):
            a, b = part.split('-') if '-' in part else (part, part)
            if int(a) > int(b): raise ValueError
            ks += range(int(a), int(b) + 1)
    except ValueError: ks = []
    if not ks or sorted(set(ks)) != ks or not 1 <= ks[0] <= ks[-1] <= n: raise ValueError(f'ks is {text!r}; allowed: growing numbers from 1 to {n}')
    return ks

# %% 1, wrong: the range ends before its last number
def read_lengths(text, n):
    if text == 'all': return list(range(1, n + 1))
    return [k for part in text.split(',') for k in (range(*map(int, part.split('-'))) if '-' in part else [int(part)])]

# %% 1, wrong: takes the digits of all scripts
def read_lengths(text, n):
    bad, ks = ValueError(f'ks is {text!r}; allowed: growing numbers from 1 to {n}'), []
    if text == 'all': return list(range(1, n + 1))
    for part in text.split(','):
        ends = part.strip().split('-')
        if len(ends) > 2 or not all(e.isdecimal() for e in ends): raise bad
        if not (ks[-1] if ks else 0) < int(ends[0]) <= int(ends[-1]) <= n: raise bad
        ks += range(int(ends[0]), int(ends[-1]) + 1)
    return ks

# %% 1, wrong: knows sixteen tokens only
def read_lengths(text, n):
    bad, ks = ValueError(f'ks is {text!r}; allowed: growing numbers from 1 to {n}'), []
    if text == 'all': return list(range(1, 16 + 1))
    for part in text.split(','):
        ends = part.strip().split('-')
        if len(ends) > 2 or not all(e.isascii() and e.isdecimal() for e in ends): raise bad
        if not (ks[-1] if ks else 0) < int(ends[0]) <= int(ends[-1]) <= 16: raise bad
        ks += range(int(ends[0]), int(ends[-1]) + 1)
    return ks

# %% 1, wrong: drops spaces everywhere
def read_lengths(text, n):
    bad, ks = ValueError(f'ks is {text!r}; allowed: growing numbers from 1 to {n}'), []
    if text == 'all': return list(range(1, n + 1))
    for part in text.replace(' ', '').split(','):
        ends = part.split('-')
        if len(ends) > 2 or not all(e.isascii() and e.isdecimal() for e in ends): raise bad
        if not (ks[-1] if ks else 0) < int(ends[0]) <= int(ends[-1]) <= n: raise bad
        ks += range(int(ends[0]), int(ends[-1]) + 1)
    return ks

# %% 2
def exit_code(call, name):
    try: result = call()
    except (ValueError, TypeError, OSError) as e:
        print(f"{name}: error: {' '.join(str(e).split()) or type(e).__name__}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f'{name}: interrupted', file=sys.stderr)
        return 130
    except SystemExit as e: return e.code or 0
    return 75 if isinstance(result, dict) and result.get('stopped') else 0
# A polite line for a mistake of ours would hide where it is, from us and from whoever reports it.

# %% 2, wrong: catches everything
def exit_code(call, name):
    try: result = call()
    except SystemExit as e: return e.code or 0
    except KeyboardInterrupt:
        print(f'{name}: interrupted', file=sys.stderr)
        return 130
    except Exception as e:
        print(f"{name}: error: {' '.join(str(e).split()) or type(e).__name__}", file=sys.stderr)
        return 1
    return 75 if isinstance(result, dict) and result.get('stopped') else 0

# %% 2, wrong: the message as it is, on stdout
def exit_code(call, name):
    try: result = call()
    except SystemExit as e: return e.code or 0
    except (ValueError, TypeError, OSError) as e:
        print(f'{name}: error: {e}')
        return 1
    except KeyboardInterrupt:
        print(f'{name}: interrupted')
        return 130
    return 75 if isinstance(result, dict) and result.get('stopped') else 0

# %% 2, wrong: keeps the line breaks of the message
def exit_code(call, name):
    try: result = call()
    except SystemExit as e: return e.code or 0
    except (ValueError, TypeError, OSError) as e:
        print(f'{name}: error: {e}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f'{name}: interrupted', file=sys.stderr)
        return 130
    return 75 if isinstance(result, dict) and result.get('stopped') else 0

# %% 2, wrong: knows no result but success
def exit_code(call, name):
    try: call()
    except (ValueError, TypeError, OSError, KeyboardInterrupt, SystemExit) as e:
        print(f"{name}: error: {' '.join(str(e).split()) or type(e).__name__}", file=sys.stderr)
        return 1
    return 0

# %% 2, wrong: hands on the None of sys.exit()
def exit_code(call, name):
    try: result = call()
    except SystemExit as e: return e.code
    except KeyboardInterrupt:
        print(f'{name}: interrupted', file=sys.stderr)
        return 130
    except (ValueError, TypeError, OSError) as e:
        print(f"{name}: error: {' '.join(str(e).split()) or type(e).__name__}", file=sys.stderr)
        return 1
    return 75 if isinstance(result, dict) and result.get('stopped') else 0

# %% 2, wrong: every sys.exit is argparse's
def exit_code(call, name):
    try: result = call()
    except SystemExit as e: return 2
    except KeyboardInterrupt:
        print(f'{name}: interrupted', file=sys.stderr)
        return 130
    except (ValueError, TypeError, OSError) as e:
        print(f"{name}: error: {' '.join(str(e).split()) or type(e).__name__}", file=sys.stderr)
        return 1
    return 75 if isinstance(result, dict) and result.get('stopped') else 0

# %% 2, wrong: asks whatever comes back
def exit_code(call, name):
    try: result = call()
    except SystemExit as e: return e.code or 0
    except KeyboardInterrupt:
        print(f'{name}: interrupted', file=sys.stderr)
        return 130
    except (ValueError, TypeError, OSError) as e:
        print(f"{name}: error: {' '.join(str(e).split()) or type(e).__name__}", file=sys.stderr)
        return 1
    return 75 if result and result.get('stopped') else 0

# %% 2, wrong: three types, and not their kinds
def exit_code(call, name):
    try: result = call()
    except SystemExit as e: return e.code or 0
    except KeyboardInterrupt:
        print(f'{name}: interrupted', file=sys.stderr)
        return 130
    except Exception as e:
        if type(e) not in (ValueError, TypeError, OSError): raise
        print(f"{name}: error: {' '.join(str(e).split()) or type(e).__name__}", file=sys.stderr)
        return 1
    return 75 if isinstance(result, dict) and result.get('stopped') else 0

# %% 2, wrong: catches what libraries raise, too
def exit_code(call, name):
    try: result = call()
    except SystemExit as e: return e.code or 0
    except KeyboardInterrupt:
        print(f'{name}: interrupted', file=sys.stderr)
        return 130
    except (ValueError, TypeError, OSError, LookupError, RuntimeError) as e:
        print(f"{name}: error: {' '.join(str(e).split()) or type(e).__name__}", file=sys.stderr)
        return 1
    return 75 if isinstance(result, dict) and result.get('stopped') else 0

# %% 2, wrong: has one name for all programs
def exit_code(call, name):
    try: result = call()
    except SystemExit as e: return e.code or 0
    except KeyboardInterrupt:
        print(f'p: interrupted', file=sys.stderr)
        return 130
    except (ValueError, TypeError, OSError) as e:
        print(f"p: error: {' '.join(str(e).split()) or type(e).__name__}", file=sys.stderr)
        return 1
    return 75 if isinstance(result, dict) and result.get('stopped') else 0

# %% 3
def variations(image, keep=4, n=4, out='variations', seed=0, json=False):
    check_int('n', n, 1)
    place, suffix = check_out(out, ())
    pipe = SpectralAR.from_pretrained()
    check_int('keep', keep, 0, pipe.prior.n_tokens)
    images = pipe.vary(pipe.read(image), keep, n=n, seed=seed)
    files = write_images(place, image_bytes(images)[:, :images.shape[1]], names=[f'{i:06}' for i in range(n)])
    return say(f'{out}: {n} images', dict(files=list(map(str, files)), keep=keep, n=n), json)
# For free: the folder (check_out), the picture (read), n and keep (vary checks them, too). With @command also the exit codes.

# %% 3, wrong: looks at the folder when the pictures are drawn
def variations(image, keep=4, n=4, out='variations', seed=0, json=False):
    pipe = SpectralAR.from_pretrained()
    images = pipe.vary(pipe.read(image), keep, n=n, seed=seed)
    place, suffix = check_out(out, ())
    files = write_images(place, image_bytes(images)[:, :images.shape[1]], names=[f'{i:06}' for i in range(n)])
    return say(f'{out}: {n} images', dict(files=list(map(str, files)), keep=keep, n=n), json)

# %% 3, wrong: writes into whatever folder it is given
def variations(image, keep=4, n=4, out='variations', seed=0, json=False):
    pipe = SpectralAR.from_pretrained()
    images = pipe.vary(pipe.read(image), keep, n=n, seed=seed)
    files = write_images(out, image_bytes(images)[:, :images.shape[1]], names=[f'{i:06}' for i in range(n)])
    return say(f'{out}: {n} images', dict(files=list(map(str, files)), keep=keep, n=n), json)

# %% 3, wrong: forgets the seed
def variations(image, keep=4, n=4, out='variations', seed=0, json=False):
    check_int('n', n, 1)
    place, suffix = check_out(out, ())
    pipe = SpectralAR.from_pretrained()
    check_int('keep', keep, 0, pipe.prior.n_tokens)
    images = pipe.vary(pipe.read(image), keep, n=n)
    files = write_images(place, image_bytes(images)[:, :images.shape[1]], names=[f'{i:06}' for i in range(n)])
    return say(f'{out}: {n} images', dict(files=list(map(str, files)), keep=keep, n=n), json)

# %% 3, wrong: speaks before its JSON
def variations(image, keep=4, n=4, out='variations', seed=0, json=False):
    check_int('n', n, 1)
    place, suffix = check_out(out, ())
    pipe = SpectralAR.from_pretrained()
    check_int('keep', keep, 0, pipe.prior.n_tokens)
    print(f'drawing {n} versions ...')
    images = pipe.vary(pipe.read(image), keep, n=n, seed=seed)
    files = write_images(place, image_bytes(images)[:, :images.shape[1]], names=[f'{i:06}' for i in range(n)])
    return say(f'{out}: {n} images', dict(files=list(map(str, files)), keep=keep, n=n), json)

# %% 4
def sweep(run, values, folder):
    rows = []
    for value in values:
        path = Path(folder)/f'{hashlib.sha256(jsonlib.dumps(value).encode()).hexdigest()[:16]}.json'
        if not path.exists(): write_json(path, {'value': value, **run(value)})
        rows.append(read_json(path))
    return rows
# The choice of a setting belongs to the validation images; the test images score what was chosen, once. `evaluate` would need an
# option --split. Under the cosine schedule agreement rises all the way with cfg, while fid_cnn falls first and rises later.

# %% 4, wrong: stores all at the end
def sweep(run, values, folder):
    def path(value): return Path(folder)/f'{hashlib.sha256(jsonlib.dumps(value).encode()).hexdigest()[:16]}.json'
    rows = [read_json(path(v)) if path(v).exists() else {'value': v, **run(v)} for v in values]
    for row in rows: write_json(path(row['value']), row)
    return rows

# %% 4, wrong: a file for each place in the list
def sweep(run, values, folder):
    rows = []
    for i, value in enumerate(values):
        path = Path(folder)/f'{i:03}.json'
        if not path.exists(): write_json(path, {'value': value, **run(value)})
        rows.append(read_json(path))
    return rows

# %% 4, wrong: writes into the final file
def sweep(run, values, folder):
    rows = []
    Path(folder).mkdir(parents=True, exist_ok=True)
    for value in values:
        path = Path(folder)/f'{hashlib.sha256(jsonlib.dumps(value).encode()).hexdigest()[:16]}.json'
        if not path.exists():
            row = {'value': value, **run(value)}
            with open(path, 'w') as f: jsonlib.dump(row, f)
        rows.append(read_json(path))
    return rows

# %% 4, wrong: takes the value for a file name
def sweep(run, values, folder):
    rows = []
    for value in values:
        path = Path(folder)/f'{value}.json'
        if not path.exists(): write_json(path, {'value': value, **run(value)})
        rows.append(read_json(path))
    return rows

# %% 4, wrong: names files by hash(), which changes with every start of Python
def sweep(run, values, folder):
    rows = []
    for value in values:
        path = Path(folder)/f'{hash((type(value), value))}.json'
        if not path.exists(): write_json(path, {'value': value, **run(value)})
        rows.append(read_json(path))
    return rows

# %% 4, wrong: takes 7 and the text 7 for one value
def sweep(run, values, folder):
    rows = []
    for value in values:
        path = Path(folder)/f'{hashlib.sha256(str(value).encode()).hexdigest()[:16]}.json'
        if not path.exists(): write_json(path, {'value': value, **run(value)})
        rows.append(read_json(path))
    return rows

# %% 4, wrong: rounds what it names files by
def sweep(run, values, folder):
    rows = []
    for value in values:
        key = f'{value:.2f}' if isinstance(value, float) else repr(value)
        path = Path(folder)/f'{hashlib.sha256(key.encode()).hexdigest()[:16]}.json'
        if not path.exists(): write_json(path, {'value': value, **run(value)})
        rows.append(read_json(path))
    return rows

# %% 4, wrong: passes by runs that fail
def sweep(run, values, folder):
    rows = []
    for value in values:
        path = Path(folder)/f'{hashlib.sha256(jsonlib.dumps(value).encode()).hexdigest()[:16]}.json'
        try:
            if not path.exists(): write_json(path, {'value': value, **run(value)})
            rows.append(read_json(path))
        except Exception: pass
    return rows

# %% 4, wrong: spells the value out, however long
def sweep(run, values, folder):
    rows = []
    for value in values:
        path = Path(folder)/f'{jsonlib.dumps(value).encode().hex()}.json'
        if not path.exists(): write_json(path, {'value': value, **run(value)})
        rows.append(read_json(path))
    return rows
