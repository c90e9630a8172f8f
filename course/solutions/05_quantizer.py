"Answers to the exercises of chapter 05, and wrong answers that its tests refuse."

# %% 1
class Through(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z, z_q): return z_q.clone()
    @staticmethod
    def backward(ctx, grad): return grad, None

def stairs(z, step, n):
    indices = ((z.detach()/step).floor().long() + n).clamp(0, 2*n - 1)
    return Through.apply(z, (indices - n + .5)*step), indices
# With step 0.3 and n = 2, `z + (z_q - z).detach()` misses three in four of the test's values, by the spacing of floats, nearly all of
# them beyond the last step: there z and its code differ by more than a factor of two, so the lemma does not apply. Turned round,
# `z_q + (z - z.detach())` is exact, and right as well. With n = 1 this is LFQ for one bit.

# %% 1, wrong: the usual trick, which is not exact here
def stairs(z, step, n):
    indices = ((z.detach()/step).floor().long() + n).clamp(0, 2*n - 1)
    z_q = (indices - n + .5)*step
    return z + (z_q - z).detach(), indices

# %% 1, wrong: no straight-through at all
def stairs(z, step, n):
    indices = ((z/step).floor().long() + n).clamp(0, 2*n - 1)
    return (indices - n + .5)*step, indices

# %% 1, wrong: the gradient is multiplied by the step
class Through(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z, z_q, step): ctx.step = step; return z_q.clone()
    @staticmethod
    def backward(ctx, grad): return grad*ctx.step, None, None

def stairs(z, step, n):
    indices = ((z.detach()/step).floor().long() + n).clamp(0, 2*n - 1)
    return Through.apply(z, (indices - n + .5)*step, step), indices

# %% 1, wrong: no gradient beyond the last step
class Through(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z, z_q): return z_q.clone()
    @staticmethod
    def backward(ctx, grad): return grad, None

def stairs(z, step, n):
    z = z.clamp(-n*step, n*step)
    indices = ((z.detach()/step).floor().long() + n).clamp(0, 2*n - 1)
    return Through.apply(z, (indices - n + .5)*step), indices

# %% 1, wrong: the nearest multiple of the step, not the middle of a cell
class Through(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z, z_q): return z_q.clone()
    @staticmethod
    def backward(ctx, grad): return grad, None

def stairs(z, step, n):
    indices = ((z.detach()/step).round().long() + n).clamp(0, 2*n - 1)
    return Through.apply(z, (indices - n)*step), indices

# %% 1, wrong: the step through of the library
def stairs(z, step, n):
    indices = ((z.detach()/step).floor().long() + n).clamp(0, 2*n - 1)
    return StraightThrough.apply(z, (indices - n + .5)*step), indices

# %% 1, wrong: another formula of the middle, which rounds differently
class Through(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z, z_q): return z_q.clone()
    @staticmethod
    def backward(ctx, grad): return grad, None

def stairs(z, step, n):
    indices = ((z.detach()/step).floor().long() + n).clamp(0, 2*n - 1)
    return Through.apply(z, (indices - n)*step + step/2), indices

# %% 2
def strides(levels): return torch.tensor([math.prod(levels[:i]) for i in range(len(levels))])

def digits(indices, levels): return indices[..., None]//strides(levels) % torch.tensor(levels)

def number(digits, levels): return (digits*strides(levels)).sum(-1)

def neighbours(index, levels):
    d = digits(torch.tensor(index), levels)
    near = [number(d + s*e, levels).item() for i, e in enumerate(torch.eye(len(levels), dtype=torch.int64)) for s in (-1, 1) if 0 <= d[i] + s < levels[i]]
    return sorted(near)
# A prior that predicts digits needs 8 + 5 + 5 + 5 = 23 logits instead of 1000. But digits of one token depend on each other: predicted
# side by side they make codes that no image has, one after the other they make the sequence four times as long.

# %% 2, wrong: the highest place first
def strides(levels): return torch.tensor([math.prod(levels[i + 1:]) for i in range(len(levels))])
def digits(indices, levels): return indices[..., None]//strides(levels) % torch.tensor(levels)
def number(digits, levels): return (digits*strides(levels)).sum(-1)
def neighbours(index, levels):
    d = digits(torch.tensor(index), levels)
    return sorted(number(d + s*e, levels).item() for i, e in enumerate(torch.eye(len(levels), dtype=torch.int64)) for s in (-1, 1) if 0 <= d[i] + s < levels[i])

# %% 2, wrong: one base for all places
def strides(levels): return max(levels)**torch.arange(len(levels))
def digits(indices, levels): return indices[..., None]//strides(levels) % max(levels)
def number(digits, levels): return (digits*strides(levels)).sum(-1)
def neighbours(index, levels):
    d = digits(torch.tensor(index), levels)
    return sorted(number(d + s*e, levels).item() for i, e in enumerate(torch.eye(len(levels), dtype=torch.int64)) for s in (-1, 1) if 0 <= d[i] + s < levels[i])

# %% 2, wrong: neighbours go round from the last level to the first
def strides(levels): return torch.tensor([math.prod(levels[:i]) for i in range(len(levels))])
def digits(indices, levels): return indices[..., None]//strides(levels) % torch.tensor(levels)
def number(digits, levels): return (digits*strides(levels)).sum(-1)
def neighbours(index, levels):
    d = digits(torch.tensor(index), levels)
    return sorted({number((d + s*e) % torch.tensor(levels), levels).item() for e in torch.eye(len(levels), dtype=torch.int64) for s in (-1, 1)} - {index})

# %% 2, wrong: adds strides without asking whether the place is full
def strides(levels): return torch.tensor([math.prod(levels[:i]) for i in range(len(levels))])
def digits(indices, levels): return indices[..., None]//strides(levels) % torch.tensor(levels)
def number(digits, levels): return (digits*strides(levels)).sum(-1)
def neighbours(index, levels):
    return sorted(n for t in strides(levels).tolist() for n in (index - t, index + t) if 0 <= n < math.prod(levels))

# %% 2, wrong: digits by float division
def strides(levels): return torch.tensor([math.prod(levels[:i]) for i in range(len(levels))])
def digits(indices, levels): return (indices[..., None]/strides(levels)).floor().long() % torch.tensor(levels)
def number(digits, levels): return (digits*strides(levels)).sum(-1)
def neighbours(index, levels):
    d = digits(torch.tensor(index), levels)
    return sorted(number(d + s*e, levels).item() for i, e in enumerate(torch.eye(len(levels), dtype=torch.int64)) for s in (-1, 1) if 0 <= d[i] + s < levels[i])

# %% 3
def learn(codes, count, z, indices, keep, least):
    uses = torch.bincount(indices, minlength=len(codes)).float()
    total = torch.zeros_like(codes).index_add(0, indices, z)
    new = keep*count + (1 - keep)*uses
    codes = (keep*count[:, None]*codes + (1 - keep)*total)/new[:, None]
    dead = new < least*new.mean()
    codes[dead] = z[torch.randperm(len(z))[:int(dead.sum())]]
    return codes, torch.where(dead, new.mean(), new)
# With more codes than vectors in a batch most codes are unused in any one step, alive or not. What counts is the mean over 1/(1 - keep)
# steps: `least` times the average use has to be more than chance gives a healthy code in that time, else revival shuffles the table
# for ever. A small `least` (0.01 to 0.1) with a long memory is safe; and no more codes can begin anew in a step than there are vectors.

# %% 3, wrong: codes jump to the mean of this batch
def learn(codes, count, z, indices, keep, least):
    uses = torch.bincount(indices, minlength=len(codes)).float()
    total = torch.zeros_like(codes).index_add(0, indices, z)
    new = keep*count + (1 - keep)*uses
    codes = torch.where(uses[:, None] > 0, total/uses[:, None], codes)
    dead = new < least*new.mean()
    codes[dead] = z[torch.randperm(len(z))[:int(dead.sum())]]
    return codes, torch.where(dead, new.mean(), new)

# %% 3, wrong: each code remembers the same share, used or not, so unused ones shrink to the origin
def learn(codes, count, z, indices, keep, least):
    uses = torch.bincount(indices, minlength=len(codes)).float()
    total = torch.zeros_like(codes).index_add(0, indices, z)
    new = keep*count + (1 - keep)*uses
    codes = keep*codes + (1 - keep)*total/uses[:, None].clamp(min=1)
    dead = new < least*new.mean()
    codes[dead] = z[torch.randperm(len(z))[:int(dead.sum())]]
    return codes, torch.where(dead, new.mean(), new)

# %% 3, wrong: a revived code keeps its low count
def learn(codes, count, z, indices, keep, least):
    uses = torch.bincount(indices, minlength=len(codes)).float()
    total = torch.zeros_like(codes).index_add(0, indices, z)
    new = keep*count + (1 - keep)*uses
    codes = (keep*count[:, None]*codes + (1 - keep)*total)/new[:, None]
    dead = new < least*new.mean()
    codes[dead] = z[torch.randperm(len(z))[:int(dead.sum())]]
    return codes, new

# %% 3, wrong: all dead codes begin at the same vector
def learn(codes, count, z, indices, keep, least):
    uses = torch.bincount(indices, minlength=len(codes)).float()
    total = torch.zeros_like(codes).index_add(0, indices, z)
    new = keep*count + (1 - keep)*uses
    codes = (keep*count[:, None]*codes + (1 - keep)*total)/new[:, None]
    dead = new < least*new.mean()
    codes[dead] = z[torch.randint(len(z), ())]
    return codes, torch.where(dead, new.mean(), new)

# %% 3, wrong: nobody is revived
def learn(codes, count, z, indices, keep, least):
    uses = torch.bincount(indices, minlength=len(codes)).float()
    total = torch.zeros_like(codes).index_add(0, indices, z)
    new = keep*count + (1 - keep)*uses
    return (keep*count[:, None]*codes + (1 - keep)*total)/new[:, None], new

# %% 3, wrong: the old count decides who is dead
def learn(codes, count, z, indices, keep, least):
    uses = torch.bincount(indices, minlength=len(codes)).float()
    total = torch.zeros_like(codes).index_add(0, indices, z)
    new = keep*count + (1 - keep)*uses
    codes = (keep*count[:, None]*codes + (1 - keep)*total)/new[:, None]
    dead = count < least*new.mean()
    codes[dead] = z[torch.randperm(len(z))[:int(dead.sum())]]
    return codes, torch.where(dead, new.mean(), new)

# %% 3, wrong: old counts against the old mean
def learn(codes, count, z, indices, keep, least):
    uses = torch.bincount(indices, minlength=len(codes)).float()
    total = torch.zeros_like(codes).index_add(0, indices, z)
    new = keep*count + (1 - keep)*uses
    codes = (keep*count[:, None]*codes + (1 - keep)*total)/new[:, None]
    dead = count < least*count.mean()
    codes[dead] = z[torch.randperm(len(z))[:int(dead.sum())]]
    return codes, torch.where(dead, new.mean(), new)

# %% 3, wrong: the new count against the old mean
def learn(codes, count, z, indices, keep, least):
    uses = torch.bincount(indices, minlength=len(codes)).float()
    total = torch.zeros_like(codes).index_add(0, indices, z)
    new = keep*count + (1 - keep)*uses
    codes = (keep*count[:, None]*codes + (1 - keep)*total)/new[:, None]
    dead = new < least*count.mean()
    codes[dead] = z[torch.randperm(len(z))[:int(dead.sum())]]
    return codes, torch.where(dead, new.mean(), new)

# %% 3, wrong: dead is who has no vector in this batch
def learn(codes, count, z, indices, keep, least):
    uses = torch.bincount(indices, minlength=len(codes)).float()
    total = torch.zeros_like(codes).index_add(0, indices, z)
    new = keep*count + (1 - keep)*uses
    codes = (keep*count[:, None]*codes + (1 - keep)*total)/new[:, None]
    dead = (uses == 0) & (least > 0)
    codes[dead] = z[torch.randperm(len(z))[:int(dead.sum())]]
    return codes, torch.where(dead, new.mean(), new)

# %% 3, wrong: low and idle, so that one vector saves a dead code
def learn(codes, count, z, indices, keep, least):
    uses = torch.bincount(indices, minlength=len(codes)).float()
    total = torch.zeros_like(codes).index_add(0, indices, z)
    new = keep*count + (1 - keep)*uses
    codes = (keep*count[:, None]*codes + (1 - keep)*total)/new[:, None]
    dead = (new < least*new.mean()) & (uses == 0)
    codes[dead] = z[torch.randperm(len(z))[:int(dead.sum())]]
    return codes, torch.where(dead, new.mean(), new)

# %% 3, wrong: draws the vectors with putting back
def learn(codes, count, z, indices, keep, least):
    uses = torch.bincount(indices, minlength=len(codes)).float()
    total = torch.zeros_like(codes).index_add(0, indices, z)
    new = keep*count + (1 - keep)*uses
    codes = (keep*count[:, None]*codes + (1 - keep)*total)/new[:, None]
    dead = new < least*new.mean()
    codes[dead] = z[torch.randint(len(z), (int(dead.sum()),))]
    return codes, torch.where(dead, new.mean(), new)

# %% 4
class FairFSQ(nn.Module):
    def __init__(self, levels):
        super().__init__()
        self.levels, self.dim, self.vocab_size = tuple(levels), len(levels), math.prod(levels)
        self.register_buffer('last', torch.tensor(levels) - 1) # the number of the last level
        self.register_buffer('stride', torch.tensor([math.prod(levels[:i]) for i in range(len(levels))]))
    def lookup(self, indices):
        return (indices[..., None]//self.stride % (self.last + 1))*2/self.last - 1
    def forward(self, z):
        t = torch.tanh(z) # in (-1, 1)
        digits = ((t.detach() + 1)/2*self.last).round().long() # count levels from one end to the other: no middle is needed
        indices = (digits*self.stride).sum(-1)
        return StraightThrough.apply(t, self.lookup(indices)), indices, z.new_zeros(())
# On patches of 8 x 8 pixels, with two layers on either side and 400 steps (three seeds): FSQ((2,)*10) begins with one code and ends with
# 195 of 1,024 and an error of 0.123 to 0.131; the repaired one begins with hundreds, ends with 500 and 0.112 to 0.114, like LFQ(10) with its
# entropy loss (0.113 to 0.114, 700 codes). With (4,)*5 the repair gains less, 0.107 to 0.110 against 0.111 to 0.115. Middle and ends cannot
# all be codes when the number of levels is even: FSQ keeps zero, this one keeps the ends.

# %% 4, wrong: FSQ as it is
class FairFSQ(nn.Module):
    def __init__(self, levels):
        super().__init__()
        from spectral_ar.quantizer import FSQ
        self.q = FSQ(levels)
        self.vocab_size, self.dim, self.lookup = self.q.vocab_size, self.q.dim, self.q.lookup
    def forward(self, z): return self.q(z)

# %% 4, wrong: moves the codes, and not the step
class FairFSQ(nn.Module):
    def __init__(self, levels):
        super().__init__()
        from spectral_ar.quantizer import FSQ
        self.q, self.last = FSQ(levels), torch.tensor(levels) - 1
        self.vocab_size, self.dim = self.q.vocab_size, self.q.dim
    def lookup(self, indices): return (indices[..., None]//self.q.stride % self.q.L)*2/self.last - 1
    def forward(self, z):
        z_q, indices, _ = self.q(z)
        return StraightThrough.apply(z_q, self.lookup(indices)), indices, z.new_zeros(())

# %% 4, wrong: middles of equal cells, which do not reach the ends
class FairFSQ(nn.Module):
    def __init__(self, levels):
        super().__init__()
        self.levels, self.dim, self.vocab_size = tuple(levels), len(levels), math.prod(levels)
        self.L, self.stride = torch.tensor(levels), torch.tensor([math.prod(levels[:i]) for i in range(len(levels))])
    def lookup(self, indices): return ((indices[..., None]//self.stride % self.L) + .5)*2/self.L - 1
    def forward(self, z):
        t = torch.tanh(z)
        digits = ((t.detach() + 1)/2*self.L).floor().long()
        indices = (digits*self.stride).sum(-1)
        return StraightThrough.apply(t, self.lookup(indices)), indices, z.new_zeros(())

# %% 4, wrong: two formulas for one code, which round differently
class FairFSQ(nn.Module):
    def __init__(self, levels):
        super().__init__()
        self.levels, self.dim, self.vocab_size = tuple(levels), len(levels), math.prod(levels)
        self.last, self.stride = torch.tensor(levels) - 1, torch.tensor([math.prod(levels[:i]) for i in range(len(levels))])
    def lookup(self, indices): return (indices[..., None]//self.stride % (self.last + 1))*2/self.last - 1
    def forward(self, z):
        t = torch.tanh(z)
        digits = ((t.detach() + 1)/2*self.last).round()
        return StraightThrough.apply(t, (digits - self.last/2)/(self.last/2)), (digits.long()*self.stride).sum(-1), z.new_zeros(())

# %% 4, wrong: no gradient
class FairFSQ(nn.Module):
    def __init__(self, levels):
        super().__init__()
        self.levels, self.dim, self.vocab_size = tuple(levels), len(levels), math.prod(levels)
        self.last, self.stride = torch.tensor(levels) - 1, torch.tensor([math.prod(levels[:i]) for i in range(len(levels))])
    def lookup(self, indices): return (indices[..., None]//self.stride % (self.last + 1))*2/self.last - 1
    def forward(self, z):
        digits = ((torch.tanh(z) + 1)/2*self.last).round().long()
        indices = (digits*self.stride).sum(-1)
        return self.lookup(indices), indices, z.new_zeros(())

# %% 4, wrong: straight through the tanh as well
class FairFSQ(nn.Module):
    def __init__(self, levels):
        super().__init__()
        self.levels, self.dim, self.vocab_size = tuple(levels), len(levels), math.prod(levels)
        self.last, self.stride = torch.tensor(levels) - 1, torch.tensor([math.prod(levels[:i]) for i in range(len(levels))])
    def lookup(self, indices): return (indices[..., None]//self.stride % (self.last + 1))*2/self.last - 1
    def forward(self, z):
        digits = ((torch.tanh(z.detach()) + 1)/2*self.last).round().long()
        indices = (digits*self.stride).sum(-1)
        return StraightThrough.apply(z, self.lookup(indices)), indices, z.new_zeros(())

# %% 4, wrong: two things instead of three
class FairFSQ(nn.Module):
    def __init__(self, levels):
        super().__init__()
        self.levels, self.dim, self.vocab_size = tuple(levels), len(levels), math.prod(levels)
        self.last, self.stride = torch.tensor(levels) - 1, torch.tensor([math.prod(levels[:i]) for i in range(len(levels))])
    def lookup(self, indices): return (indices[..., None]//self.stride % (self.last + 1))*2/self.last - 1
    def forward(self, z):
        t = torch.tanh(z)
        digits = ((t.detach() + 1)/2*self.last).round().long()
        indices = (digits*self.stride).sum(-1)
        return StraightThrough.apply(t, self.lookup(indices)), indices
