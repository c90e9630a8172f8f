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

# %% 4
def whole_lines(path): # the bytes up to the last line end
    raw = Path(path).read_bytes() if Path(path).exists() else b''
    return raw[:raw.rfind(b'\n') + 1]

def append_record(path, record):
    whole = len(whole_lines(path))
    with open(path, 'ab') as f:
        f.truncate(whole)
        f.write(json.dumps(record).encode() + b'\n')

def read_log(path):
    records = []
    for i, line in enumerate(whole_lines(path).split(b'\n')[:-1], 1):
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
    whole = len(whole_lines(path))
    with open(path, 'ab') as f:
        f.truncate(whole)
        f.write(json.dumps(record).encode() + b'\n')

def whole_lines(path):
    raw = Path(path).read_bytes() if Path(path).exists() else b''
    return raw[:raw.rfind(b'\n') + 1]

def read_log(path):
    records = []
    for line in whole_lines(path).splitlines():
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
