"Answers to the exercises of chapter 14, and wrong answers that its tests refuse."

# %% 1
def six(config):
    p = count_parameters(config)
    return 6*(config.n_tokens*(p['attention'] + p['feedforward'] + p['head']) + p['modulation'])
# Pairs cost 3.5 * 4 * n^2 * d a block, weights about 6 * 12 * d^2 * n: they meet at n = 5.1 d, for d16 above 5,000 tokens.

# %% 1, wrong: the modulation for every token
def six(config):
    p = count_parameters(config)
    return 6*config.n_tokens*(p['attention'] + p['feedforward'] + p['head'] + p['modulation'])

# %% 1, wrong: leaves the modulation out
def six(config):
    p = count_parameters(config)
    return 6*config.n_tokens*(p['attention'] + p['feedforward'] + p['head'])

# %% 1, wrong: forward only
def six(config):
    p = count_parameters(config)
    return 2*(config.n_tokens*(p['attention'] + p['feedforward'] + p['head']) + p['modulation'])

# %% 1, wrong: multiplies the tables
def six(config):
    p = count_parameters(config)
    return 6*(config.n_tokens*(sum(p.values()) - p['modulation']) + p['modulation'])

# %% 1, wrong: asks the exact count
def six(config): return sum(n for part, n in count_flops(config, training=True).items() if part != 'attention')

# %% 2
def linear_flops(model, call):
    seen = {}
    def hook(name):
        def count(layer, inputs, output): seen[name] = seen.get(name, 0) + 2*layer.weight.numel()*(output.numel()//layer.out_features)
        return count
    hooks = [m.register_forward_hook(hook(name)) for name, m in model.named_modules() if isinstance(m, nn.Linear)]
    try: call()
    finally:
        for h in hooks: h.remove()
    return seen
# It lacks attention's pairs: those products are of two activations, and no layer holds them.

# %% 2, wrong: counts weights, not rows
def linear_flops(model, call):
    call()
    return {name: 2*m.weight.numel() for name, m in model.named_modules() if isinstance(m, nn.Linear)}

# %% 2, wrong: rows are the first axis only
def linear_flops(model, call):
    seen = {}
    def hook(name):
        def count(layer, inputs, output): seen[name] = seen.get(name, 0) + 2*layer.weight.numel()*len(output)
        return count
    hooks = [m.register_forward_hook(hook(name)) for name, m in model.named_modules() if isinstance(m, nn.Linear)]
    try: call()
    finally:
        for h in hooks: h.remove()
    return seen

# %% 2, wrong: the second pass replaces the first, and the hooks stay
def linear_flops(model, call):
    seen = {}
    def hook(name):
        def count(layer, inputs, output): seen[name] = 2*layer.weight.numel()*(output.numel()//layer.out_features)
        return count
    for name, m in model.named_modules():
        if isinstance(m, nn.Linear): m.register_forward_hook(hook(name))
    call()
    return seen

# %% 2, wrong: hooks stay when the call fails
def linear_flops(model, call):
    seen = {}
    def hook(name):
        def count(layer, inputs, output): seen[name] = seen.get(name, 0) + 2*layer.weight.numel()*(output.numel()//layer.out_features)
        return count
    hooks = [m.register_forward_hook(hook(name)) for name, m in model.named_modules() if isinstance(m, nn.Linear)]
    call()
    for h in hooks: h.remove()
    return seen

# %% 2, wrong: hides the failure of the call
def linear_flops(model, call):
    seen = {}
    def hook(name):
        def count(layer, inputs, output): seen[name] = seen.get(name, 0) + 2*layer.weight.numel()*(output.numel()//layer.out_features)
        return count
    hooks = [m.register_forward_hook(hook(name)) for name, m in model.named_modules() if isinstance(m, nn.Linear)]
    try: call()
    except Exception: pass
    for h in hooks: h.remove()
    return seen

# %% 2, wrong: takes off the hooks of others, too
def linear_flops(model, call):
    seen = {}
    def hook(name):
        def count(layer, inputs, output): seen[name] = seen.get(name, 0) + 2*layer.weight.numel()*(output.numel()//layer.out_features)
        return count
    for name, m in model.named_modules():
        if isinstance(m, nn.Linear): m.register_forward_hook(hook(name))
    try: call()
    finally:
        for m in model.modules(): m._forward_hooks.clear()
    return seen

# %% 2, wrong: its hooks change what the layers give
def linear_flops(model, call):
    seen = {}
    def hook(name):
        def count(layer, inputs, output):
            seen[name] = seen.get(name, 0) + 2*layer.weight.numel()*(output.numel()//layer.out_features)
            return output.detach()*0
        return count
    hooks = [m.register_forward_hook(hook(name)) for name, m in model.named_modules() if isinstance(m, nn.Linear)]
    try: call()
    finally:
        for h in hooks: h.remove()
    return seen

# %% 3
def parts_to_fit(config, batch_size, gb):
    for parts in range(1, batch_size + 1):
        if batch_size % parts == 0 and sum(training_bytes(config, batch_size, 'bfloat16', accumulate=parts, device='cuda').values()) <= .9e9*gb: return parts
# One part after the other, from below: two parts may need more than one, since gradients then meet activations.
# For b64-256 the activations decide, so parts buy most: they divide just those and change nothing else. A smaller width shrinks
# everything, but makes a worse tokenizer; larger patches make fewer positions, and coarser ones.

# %% 3, wrong: doubles the parts
def parts_to_fit(config, batch_size, gb):
    parts = 1
    while parts <= batch_size:
        if batch_size % parts == 0 and sum(training_bytes(config, batch_size, 'bfloat16', accumulate=parts, device='cuda').values()) <= .9e9*gb: return parts
        parts *= 2

# %% 3, wrong: fills the memory to the last byte
def parts_to_fit(config, batch_size, gb):
    for parts in range(1, batch_size + 1):
        if batch_size % parts == 0 and sum(training_bytes(config, batch_size, 'bfloat16', accumulate=parts, device='cuda').values()) <= 1e9*gb: return parts

# %% 3, wrong: takes it that memory falls in proportion to the parts
def parts_to_fit(config, batch_size, gb):
    whole = sum(training_bytes(config, batch_size, 'bfloat16', device='cuda').values())
    return next((p for p in range(1, batch_size + 1) if batch_size % p == 0 and whole/p <= .9e9*gb), None)

# %% 3, wrong: the formulas of a CPU in float32
def parts_to_fit(config, batch_size, gb):
    for parts in range(1, batch_size + 1):
        if batch_size % parts == 0 and sum(training_bytes(config, batch_size, accumulate=parts).values()) <= .9e9*gb: return parts

# %% 3, wrong: takes it that more parts never need more
def parts_to_fit(config, batch_size, gb):
    best = None
    for parts in range(batch_size, 0, -1):
        if batch_size % parts == 0:
            if sum(training_bytes(config, batch_size, 'bfloat16', accumulate=parts, device='cuda').values()) > .9e9*gb: break
            best = parts
    return best

# %% 4
def fit_machine(flops, seconds):
    pairs, best = sorted(zip(flops, seconds)), None
    def mean_log(values): return math.exp(sum(map(math.log, values))/len(values))
    for j in range(1, len(pairs)): # the first j steps wait, the others compute
        a, r = mean_log([s for _, s in pairs[:j]]), mean_log([f/s for f, s in pairs[j:]])
        miss = sum(math.log(max(a, f/r)/s)**2 for f, s in pairs)
        if best is None or miss < best[0]: best = miss, a, r
    return best[1:]
# On two cores compiling hardly moves either constant. On a GPU it should lower the floor, for there are fewer launches, and lift
# the rate, for less lies between the products; at a batch of a few images only the first is to be seen.

# %% 4, wrong: a straight line, floor plus arithmetic
def fit_machine(flops, seconds):
    f, s = torch.tensor(flops, dtype=torch.float64), torch.tensor(seconds, dtype=torch.float64)
    slope = ((f - f.mean())*(s - s.mean())).sum()/(f - f.mean()).square().sum()
    return (s.mean() - slope*f.mean()).item(), (1/slope).item()

# %% 4, wrong: the fastest step is the floor, the best rate the rate
def fit_machine(flops, seconds): return min(seconds), max(f/s for f, s in zip(flops, seconds))

# %% 4, wrong: seconds an operation
def fit_machine(flops, seconds):
    pairs = sorted(zip(flops, seconds))
    return pairs[0][1], pairs[-1][1]/pairs[-1][0]

# %% 4, wrong: a fixed quarter of the steps is taken to be small
def fit_machine(flops, seconds):
    pairs = sorted(zip(flops, seconds)); h = max(1, len(pairs)//4)
    return sum(s for _, s in pairs[:h])/h, sum(f/s for f, s in pairs[h:])/len(pairs[h:])

# %% 4, wrong: half of the steps are taken to be small
def fit_machine(flops, seconds):
    pairs = sorted(zip(flops, seconds)); h = len(pairs)//2
    def mean_log(values): return math.exp(sum(map(math.log, values))/len(values))
    return mean_log([s for _, s in pairs[:h]]), mean_log([f/s for f, s in pairs[h:]])

# %% 4, wrong: takes the steps in the order in which they come
def fit_machine(flops, seconds):
    pairs, best = list(zip(flops, seconds)), None
    def mean_log(values): return math.exp(sum(map(math.log, values))/len(values))
    for j in range(1, len(pairs)):
        a, r = mean_log([s for _, s in pairs[:j]]), mean_log([f/s for f, s in pairs[j:]])
        miss = sum(math.log(max(a, f/r)/s)**2 for f, s in pairs)
        if best is None or miss < best[0]: best = miss, a, r
    return best[1:]

# %% 4, wrong: squares of seconds, not of logarithms
def fit_machine(flops, seconds):
    pairs, best = sorted(zip(flops, seconds)), None
    for j in range(1, len(pairs)):
        a, r = sum(s for _, s in pairs[:j])/j, sum(f*f for f, _ in pairs[j:])/sum(f*s for f, s in pairs[j:])
        miss = sum((max(a, f/r) - s)**2 for f, s in pairs)
        if best is None or miss < best[0]: best = miss, a, r
    return best[1:]
