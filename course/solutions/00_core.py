"Answers to the exercises of chapter 00, and wrong answers that its tests refuse."

# %% 1
def check_tokens(tokens, v):
    if not isinstance(tokens, torch.Tensor): raise TypeError(f'tokens are a {type(tokens).__name__}; allowed: a torch.Tensor, int64 (b, n)')
    if tokens.dtype != torch.int64: raise TypeError(f'tokens have dtype {tokens.dtype}; allowed: torch.int64')
    if tokens.ndim != 2: raise ValueError(f'tokens have shape {tuple(tokens.shape)}; allowed: (b, n)')
    if tokens.numel():
        lo, hi = tokens.aminmax()
        if lo < 0 or hi >= v: raise ValueError(f'tokens range from {lo} to {hi}; allowed: 0 to {v - 1}')
    return tokens
# A token of v or more ends an embedding with an index error, on a GPU with one that names neither the token nor the line. A token
# of -1 is worse: plain indexing takes it for the last entry of a table, and nothing is said at all.

# %% 1, wrong: lets v itself pass
def check_tokens(tokens, v):
    if not isinstance(tokens, torch.Tensor) or tokens.dtype != torch.int64: raise TypeError(f'tokens are {getattr(tokens, "dtype", type(tokens))}; allowed: int64')
    if tokens.ndim != 2: raise ValueError(f'tokens have shape {tuple(tokens.shape)}; allowed: (b, n)')
    if tokens.numel() and (tokens.min() < 0 or tokens.max() > v): raise ValueError(f'tokens range from {tokens.min()} to {tokens.max()}; allowed: 0 to {v}')
    return tokens

# %% 1, wrong: asks the extremes of an empty batch
def check_tokens(tokens, v):
    if not isinstance(tokens, torch.Tensor) or tokens.dtype != torch.int64: raise TypeError(f'tokens are {getattr(tokens, "dtype", type(tokens))}; allowed: int64')
    if tokens.ndim != 2: raise ValueError(f'tokens have shape {tuple(tokens.shape)}; allowed: (b, n)')
    if tokens.min() < 0 or tokens.max() >= v: raise ValueError(f'tokens range from {tokens.min()} to {tokens.max()}; allowed: 0 to {v - 1}')
    return tokens

# %% 1, wrong: mends the tokens instead of refusing them
def check_tokens(tokens, v):
    return tokens.long().clamp(0, v - 1)

# %% 1, wrong: refuses with a message that names nothing
def check_tokens(tokens, v):
    if not isinstance(tokens, torch.Tensor) or tokens.dtype != torch.int64: raise TypeError('bad tokens')
    if tokens.ndim != 2 or ((tokens < 0) | (tokens >= v)).any(): raise ValueError('bad tokens')
    return tokens

# %% 1, wrong: knows one vocabulary only
def check_tokens(tokens, v):
    if not isinstance(tokens, torch.Tensor) or tokens.dtype != torch.int64: raise TypeError(f'tokens are {getattr(tokens, "dtype", type(tokens))}; allowed: int64')
    if tokens.ndim != 2: raise ValueError(f'tokens have shape {tuple(tokens.shape)}; allowed: (b, n)')
    if tokens.numel() and (tokens.min() < 0 or tokens.max() > 7): raise ValueError(f'tokens range from {tokens.min()} to {tokens.max()}; allowed: 0 to 7')
    return tokens

# %% 1, wrong: says that something is allowed, but not what
def check_tokens(tokens, v):
    if not isinstance(tokens, torch.Tensor) or tokens.dtype != torch.int64: raise TypeError(f'{getattr(tokens, "dtype", type(tokens))} is not allowed')
    if tokens.ndim != 2: raise ValueError(f'shape {tuple(tokens.shape)} is not allowed')
    if tokens.numel() and (tokens.min() < 0 or tokens.max() >= v): raise ValueError(f'tokens from {tokens.min()} to {tokens.max()} are not allowed')
    return tokens

# %% 1, wrong: does not say what came instead of a tensor
def check_tokens(tokens, v):
    if not isinstance(tokens, torch.Tensor): raise TypeError('no tensor; allowed: int64 (b, n)')
    if tokens.dtype != torch.int64: raise TypeError(f'tokens are {tokens.dtype}; allowed: int64')
    if tokens.ndim != 2: raise ValueError(f'tokens have shape {tuple(tokens.shape)}; allowed: (b, n)')
    if tokens.numel() and (tokens.min() < 0 or tokens.max() >= v): raise ValueError(f'tokens range from {tokens.min()} to {tokens.max()}; allowed: 0 to {v - 1}')
    return tokens

# %% 2
def meetings(seeds):
    seen, pairs = {}, 0
    for s in seeds:
        pairs += seen.get(s, 0) # one pair with each equal seed before it
        seen[s] = seen.get(s, 0) + 1
    return pairs

def expected_meetings(m, bits):
    return m*(m - 1)/2/2**bits
# One meeting is expected where m (m - 1) = 2^33, that is at 92,683 names. The number of pairs grows with the square of m, so a
# space of 2^32 is used up at about the square root of twice its size, far earlier than at its size: the birthday paradox.

# %% 2, wrong: counts the seeds that were seen before, not the pairs
def meetings(seeds): return len(seeds) - len(set(seeds))
def expected_meetings(m, bits): return m*(m - 1)/2/2**bits

# %% 2, wrong: counts every pair twice
def meetings(seeds): return sum(a == b for i, a in enumerate(seeds) for j, b in enumerate(seeds) if i != j)
def expected_meetings(m, bits): return m*(m - 1)/2**bits

# %% 2, wrong: lets a seed meet itself
def meetings(seeds): return sum(seeds.count(s)*(seeds.count(s) - 1)//2 for s in set(seeds))
def expected_meetings(m, bits): return m**2/2/2**bits

# %% 2, wrong: sorts the caller's list
def meetings(seeds):
    seeds.sort()
    return sum(a == b for i, a in enumerate(seeds) for b in seeds[:i])
def expected_meetings(m, bits): return m*(m - 1)/2/2**bits

# %% 2, wrong: the probability of a meeting for the number of meetings
def meetings(seeds): return sum(a == b for i, a in enumerate(seeds) for b in seeds[:i])
def expected_meetings(m, bits):
    apart = 1.
    for i in range(m): apart *= 1 - i/2**bits
    return 1 - apart

# %% 3
def init_by_name(model, seed, std=.02):
    for name, p in model.named_parameters():
        nn.init.normal_(p, std=std, generator=generator('init', seed, name))
    return model
# Names are for all that is asked for in varying order or number: the rows of a step, the noise of an image, dropout in a step. One
# stream is enough where the order is fixed by the task itself, such as the tokens of one image.

# %% 3, wrong: one stream for all parameters, in their order
def init_by_name(model, seed, std=.02):
    stream = generator('init', seed)
    for p in model.parameters(): nn.init.normal_(p, std=std, generator=stream)
    return model

# %% 3, wrong: names a stream by the place of the parameter
def init_by_name(model, seed, std=.02):
    for i, p in enumerate(model.parameters()): nn.init.normal_(p, std=std, generator=generator('init', seed, i))
    return model

# %% 3, wrong: the same stream again for every parameter
def init_by_name(model, seed, std=.02):
    for p in model.parameters(): nn.init.normal_(p, std=std, generator=generator('init', seed))
    return model

# %% 3, wrong: seeds the global generator
def init_by_name(model, seed, std=.02):
    for name, p in model.named_parameters():
        torch.manual_seed(mix_seed('init', seed, name))
        nn.init.normal_(p, std=std)
    return model

# %% 3, wrong: leaves the biases as they were
def init_by_name(model, seed, std=.02):
    for name, p in model.named_parameters():
        if p.ndim > 1: nn.init.normal_(p, std=std, generator=generator('init', seed, name))
    return model

# %% 3, wrong: does not listen to std
def init_by_name(model, seed, std=.02):
    for name, p in model.named_parameters(): nn.init.normal_(p, std=.02, generator=generator('init', seed, name))
    return model

# %% 3, wrong: fills buffers, too
def init_by_name(model, seed, std=.02):
    for name, t in model.state_dict().items(): nn.init.normal_(t, std=std, generator=generator('init', seed, name))
    return model

# %% 3, wrong: uniform numbers
def init_by_name(model, seed, std=.02):
    for name, p in model.named_parameters(): nn.init.uniform_(p, -std*3**.5, std*3**.5, generator=generator('init', seed, name))
    return model

# %% 3, wrong: adds the seed to a number made of the name
def init_by_name(model, seed, std=.02):
    for name, p in model.named_parameters(): nn.init.normal_(p, std=std, generator=torch.Generator().manual_seed(seed + sum(name.encode())))
    return model

# %% 4
def append_record(path, record):
    with open(path, 'ab+') as f: # reads anywhere, writes at the end
        end = f.seek(0, 2)
        while end and (f.seek(end - 1), f.read(1))[1] != b'\n': end -= 1 # mostly the very last byte is a line end
        f.truncate(end)
        f.write(json.dumps(record).encode() + b'\n')

def read_log(path):
    if not Path(path).exists(): return []
    records = []
    for i, line in enumerate(Path(path).read_bytes().split(b'\n')[:-1], 1): # what follows the last line end is no record
        try: records.append(json.loads(line))
        except ValueError as e: raise ValueError(f'line {i} of {path} is damaged: {e}') from e
    return records
# A crash of the program loses at most the line that it was writing. A power cut may lose all lines that the system still kept in
# memory, and a disk may write blocks in another order; an fsync after each line bounds that to one line, and costs a wait for the
# disk, from a millisecond to tens of them: nothing for a line a minute, too much for a line a step. atomic_path forces the
# content to the disk first, because a rename that arrives before the content would leave an empty file under the good name. If
# the rename itself is lost, the old file is still there; a checkpoint is then one interval older, and that is all.

# %% 4, wrong: skips every line that cannot be read
def append_record(path, record):
    with open(path, 'ab+') as f:
        end = f.seek(0, 2)
        while end and (f.seek(end - 1), f.read(1))[1] != b'\n': end -= 1
        f.truncate(end)
        f.write(json.dumps(record).encode() + b'\n')

def read_log(path):
    if not Path(path).exists(): return []
    records = []
    for line in Path(path).read_bytes().split(b'\n')[:-1]:
        try: records.append(json.loads(line))
        except ValueError: pass
    return records

# %% 4, wrong: takes the rest of a number for a record
def append_record(path, record):
    raw = Path(path).read_bytes() if Path(path).exists() else b''
    Path(path).write_bytes(raw[:raw.rfind(b'\n') + 1] + json.dumps(record).encode() + b'\n')

def read_log(path):
    if not Path(path).exists(): return []
    lines = Path(path).read_text().splitlines()
    records = []
    for i, line in enumerate(lines, 1):
        try: records.append(json.loads(line))
        except ValueError as e:
            if i < len(lines): raise ValueError(f'line {i} of {path} is damaged') from e
    return records

# %% 4, wrong: appends behind the rest of a cut line
def append_record(path, record):
    with open(path, 'a') as f: f.write(json.dumps(record) + '\n')

def read_log(path):
    if not Path(path).exists(): return []
    records = []
    for i, line in enumerate(Path(path).read_text().split('\n')[:-1], 1):
        try: records.append(json.loads(line))
        except ValueError as e: raise ValueError(f'line {i} of {path} is damaged') from e
    return records

# %% 4, wrong: passes over empty lines
def append_record(path, record):
    with open(path, 'ab+') as f:
        end = f.seek(0, 2)
        while end and (f.seek(end - 1), f.read(1))[1] != b'\n': end -= 1
        f.truncate(end)
        f.write(json.dumps(record).encode() + b'\n')

def read_log(path):
    if not Path(path).exists(): return []
    records = []
    for i, line in enumerate(Path(path).read_bytes().split(b'\n')[:-1], 1):
        if not line.strip(): continue
        try: records.append(json.loads(line))
        except ValueError as e: raise ValueError(f'line {i} of {path} is damaged') from e
    return records

# %% 4, wrong: takes a damaged last line for a cut one
def append_record(path, record):
    with open(path, 'ab+') as f:
        end = f.seek(0, 2)
        while end and (f.seek(end - 1), f.read(1))[1] != b'\n': end -= 1
        f.truncate(end)
        f.write(json.dumps(record).encode() + b'\n')

def read_log(path):
    if not Path(path).exists(): return []
    lines, records = Path(path).read_bytes().split(b'\n')[:-1], []
    for i, line in enumerate(lines, 1):
        try: records.append(json.loads(line))
        except ValueError as e:
            if i < len(lines): raise ValueError(f'line {i} of {path} is damaged') from e
    return records

# %% 4, wrong: writes the whole log anew
def append_record(path, record):
    raw = Path(path).read_bytes() if Path(path).exists() else b''
    Path(path).write_bytes(raw[:raw.rfind(b'\n') + 1] + json.dumps(record).encode() + b'\n')

def read_log(path):
    raw = Path(path).read_bytes() if Path(path).exists() else b''
    records = []
    for i, line in enumerate(raw.split(b'\n')[:-1], 1):
        try: records.append(json.loads(line))
        except ValueError as e: raise ValueError(f'line {i} of {path} is damaged') from e
    return records
