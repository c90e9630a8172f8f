"Answers to the exercises of chapter 06, and wrong answers that its tests refuse."

# %% 1
def draw_prefixes(b, n, full, g):
    k = torch.randint(1, n + 1, (b,), generator=g)
    return torch.where(torch.rand(b, generator=g) < full, n, k)

def heard(n, full):
    return full + (1 - full)*torch.arange(n, 0, -1)/n
# Without full prefixes the last of n tokens is heard once in n times, and it has had as little training. The price of a large
# share of full prefixes is paid by the short ones; chapter 10 measures it.

# %% 1, wrong: never draws n, as the end of a range is left out
def draw_prefixes(b, n, full, g):
    return torch.where(torch.rand(b, generator=g) < full, n, torch.randint(1, n, (b,), generator=g))
def heard(n, full): return full + (1 - full)*torch.arange(n, 0, -1)/n

# %% 1, wrong: draws from torch's own generator
def draw_prefixes(b, n, full, g):
    return torch.where(torch.rand(b) < full, n, torch.randint(1, n + 1, (b,)))
def heard(n, full): return full + (1 - full)*torch.arange(n, 0, -1)/n

# %% 1, wrong: one length for the whole batch
def draw_prefixes(b, n, full, g):
    return torch.randint(1, n + 1, (1,), generator=g).expand(b)
def heard(n, full): return full + (1 - full)*torch.arange(n, 0, -1)/n

# %% 1, wrong: the chance of the length i instead of that of token i
def draw_prefixes(b, n, full, g):
    return torch.where(torch.rand(b, generator=g) < full, n, torch.randint(1, n + 1, (b,), generator=g))
def heard(n, full):
    p = torch.full((n,), (1 - full)/n)
    p[-1] += full
    return p

# %% 1, wrong: lengths in turn, not at random
def draw_prefixes(b, n, full, g):
    k = torch.arange(b) % n + 1
    return torch.where(torch.rand(b, generator=generator('full')) < full, n, k)
def heard(n, full): return full + (1 - full)*torch.arange(n, 0, -1)/n

# %% 1, wrong: the full prefix apart, so the others never have all tokens
def draw_prefixes(b, n, full, g):
    return torch.where(torch.rand(b, generator=g) < full, n, torch.randint(1, n + 1, (b,), generator=g))
def heard(n, full): return full + (1 - full)*torch.arange(n - 1, -1, -1)/(n - 1)

# %% 2
def prefix_mask(k, n_patches, n_tokens, causal=False):
    place = torch.arange(n_patches + n_tokens)
    mask = (place < n_patches + k[:, None])[:, None, None].repeat(1, 1, len(place), 1)
    if causal:
        patch = place < n_patches
        mask &= patch[:, None] | (~patch & (place <= place[:, None]))
    return mask
# Hidden tokens still compute something, and nobody reads it. That is the price of a batch; at inference the sequence is cut.

# %% 2, wrong: one token too many
def prefix_mask(k, n_patches, n_tokens, causal=False):
    place = torch.arange(n_patches + n_tokens)
    mask = (place <= n_patches + k[:, None])[:, None, None].repeat(1, 1, len(place), 1)
    if causal: mask &= (place < n_patches)[:, None] | ((place >= n_patches) & (place <= place[:, None]))
    return mask

# %% 2, wrong: counts from the mask tokens on
def prefix_mask(k, n_patches, n_tokens, causal=False):
    place = torch.arange(n_patches + n_tokens)
    return (place < k[:, None])[:, None, None].repeat(1, 1, len(place), 1)

# %% 2, wrong: hides rows instead of columns
def prefix_mask(k, n_patches, n_tokens, causal=False):
    place = torch.arange(n_patches + n_tokens)
    return (place < n_patches + k[:, None])[:, None, :, None].repeat(1, 1, 1, len(place))

# %% 2, wrong: the longest prefix for all
def prefix_mask(k, n_patches, n_tokens, causal=False):
    place = torch.arange(n_patches + n_tokens)
    return (place < n_patches + k.max()).repeat(len(k), 1, len(place), 1)

# %% 2, wrong: forgets the causal version
def prefix_mask(k, n_patches, n_tokens, causal=False):
    place = torch.arange(n_patches + n_tokens)
    return (place < n_patches + k[:, None])[:, None, None].repeat(1, 1, len(place), 1)

# %% 2, wrong: causal, and the hidden tokens are seen again
def prefix_mask(k, n_patches, n_tokens, causal=False):
    place = torch.arange(n_patches + n_tokens)
    mask = (place < n_patches + k[:, None])[:, None, None].repeat(1, 1, len(place), 1)
    if causal: mask[:, :, n_patches:] = (place >= n_patches) & (place <= place[n_patches:, None])
    return mask

# %% 2, wrong: hidden tokens see all
def prefix_mask(k, n_patches, n_tokens, causal=False):
    place = torch.arange(n_patches + n_tokens)
    there = place < n_patches + k[:, None]
    mask = (there[:, None, None, :] | ~there[:, None, :, None])
    if causal: mask = mask & ((place < n_patches)[:, None] | ((place >= n_patches) & (place <= place[:, None])))
    return mask

# %% 3
def prefix_loss(y, x, k, cuts):
    return lowpass(y - x, cuts[k - 1]).square().mean((1, 2, 3)) # low-pass is linear: once is enough

def blind(x, cuts):
    away = x - x.mean(0)
    return torch.stack([lowpass(away, int(w)).square().mean() for w in cuts])
# The full prefix has the loudest say, but not by much: nearly all energy is in the lower half of the spectrum. With a larger
# exponent the first cutoffs fall, and with them what the first prefixes are asked for: with 2.5 the first four have the same target, the
# mean brightness, and three tokens are there for its last decimals.

# %% 3, wrong: the cutoff of the next prefix
def prefix_loss(y, x, k, cuts):
    return lowpass(y - x, cuts[k.clamp(max=len(cuts) - 1)]).square().mean((1, 2, 3))
def blind(x, cuts): return torch.stack([lowpass(x - x.mean(0), int(w)).square().mean() for w in cuts])

# %% 3, wrong: low-passes the target only
def prefix_loss(y, x, k, cuts):
    return (y - lowpass(x, cuts[k - 1])).square().mean((1, 2, 3))
def blind(x, cuts): return torch.stack([lowpass(x - x.mean(0), int(w)).square().mean() for w in cuts])

# %% 3, wrong: the mean over the corner, not over all pixels
def prefix_loss(y, x, k, cuts):
    return lowpass(y - x, cuts[k - 1]).square().sum((1, 2, 3))/cuts[k - 1]**2
def blind(x, cuts): return torch.stack([lowpass(x - x.mean(0), int(w)).square().mean() for w in cuts])

# %% 3, wrong: one grey for the mean image
def prefix_loss(y, x, k, cuts): return lowpass(y - x, cuts[k - 1]).square().mean((1, 2, 3))
def blind(x, cuts): return torch.stack([lowpass(x - x.mean(), int(w)).square().mean() for w in cuts])

# %% 3, wrong: sums over channels
def prefix_loss(y, x, k, cuts): return lowpass(y - x, cuts[k - 1]).square().sum(1).mean((1, 2))
def blind(x, cuts): return torch.stack([lowpass(x - x.mean(0), int(w)).square().mean() for w in cuts])

# %% 3, wrong: always sixteen prefixes
def prefix_loss(y, x, k, cuts): return lowpass(y - x, cuts[k - 1]).square().mean((1, 2, 3))
def blind(x, cuts):
    loss = [lowpass(x - x.mean(0), 2*i).square().mean() for i in range(1, 17)]
    return torch.stack(loss)

# %% 3, wrong: one number for the batch
def prefix_loss(y, x, k, cuts): return lowpass(y - x, cuts[k - 1]).square().mean()
def blind(x, cuts): return torch.stack([lowpass(x - x.mean(0), int(w)).square().mean() for w in cuts])

# %% 4
class LinearNested(torch.nn.Module):
    "Sixteen nested tokens of 64 words, by one matrix each way."
    def __init__(self, mean):
        super().__init__()
        self.register_buffer('mean', mean)
        self.quantizer = make_quantizer('fsq', levels=[8, 8])
        self.to_code = torch.nn.Linear(1024, 16*2)
        self.words = torch.nn.Parameter(torch.randn(16, 2, 1024)*.02)
    def codes(self, x): # images -> codes (b, 16, 2), tokens (b, 16), loss; differentiable
        return self.quantizer(self.to_code((x - self.mean).flatten(1)).view(len(x), 16, 2))
    def draw(self, z, k): # codes (b, 16, 2), int64 (b,) -> images
        kept = (torch.arange(16) < k[:, None])[..., None]
        return lowpass(torch.einsum('bnd,ndp->bp', z*kept, self.words).view(-1, 1, 32, 32) + self.mean, cuts[k - 1])
    def encode(self, x): return self.codes(x)[1]
    def decode(self, tokens, k): return self.draw(self.quantizer.lookup(tokens), torch.full((len(tokens),), k))

def train(x, steps=100, batch=64):
    "A fresh tokenizer, trained on `x`."
    tok, g = LinearNested(x.mean(0)), generator('exercise', 'train')
    optimizer = torch.optim.Adam(tok.parameters(), lr=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=steps)
    for _ in range(steps):
        seen = x[torch.randint(len(x), (batch,), generator=g)]
        k = torch.randint(1, 17, (batch,), generator=g)
        k[:batch//2] = 16
        loss = (tok.draw(tok.codes(seen)[0], k) - lowpass(seen, cuts[k - 1])).square().mean()
        optimizer.zero_grad(); loss.backward(); optimizer.step(); schedule.step()
    return tok
# Aimed at the whole image and without rounding, a linear nested tokenizer finds the principal components in their order (Rippel,
# Gelbart and Adams 2014): nesting removes the freedom to mix them. What is left to the transformer is to use later tokens for what
# the earlier ones could not say, and words for more than a sum.

# %% 4, wrong: trains with full prefixes only
class LinearNested(torch.nn.Module):
    def __init__(self, mean):
        super().__init__()
        self.register_buffer('mean', mean)
        self.quantizer = make_quantizer('fsq', levels=[8, 8])
        self.to_code, self.words = torch.nn.Linear(1024, 32), torch.nn.Parameter(torch.randn(16, 2, 1024)*.02)
    def codes(self, x): return self.quantizer(self.to_code((x - self.mean).flatten(1)).view(len(x), 16, 2))
    def draw(self, z, k): return lowpass(torch.einsum('bnd,ndp->bp', z[:, :k], self.words[:k]).view(-1, 1, 32, 32) + self.mean, int(cuts[k - 1]))
    def encode(self, x): return self.codes(x)[1]
    def decode(self, tokens, k): return self.draw(self.quantizer.lookup(tokens), k)
def train(x):
    tok, g = LinearNested(x.mean(0)), generator('exercise', 'train')
    optimizer = torch.optim.Adam(tok.parameters(), lr=3e-3)
    for _ in range(100):
        seen = x[torch.randint(len(x), (64,), generator=g)]
        loss = (tok.draw(tok.codes(seen)[0], 16) - seen).square().mean()
        optimizer.zero_grad(); loss.backward(); optimizer.step()
    return tok

# %% 4, wrong: no gradient to the encoder, as the codes are looked up from the tokens
class LinearNested(torch.nn.Module):
    def __init__(self, mean):
        super().__init__()
        self.register_buffer('mean', mean)
        self.quantizer = make_quantizer('fsq', levels=[8, 8])
        self.to_code, self.words = torch.nn.Linear(1024, 32), torch.nn.Parameter(torch.randn(16, 2, 1024)*.02)
    def encode(self, x): return self.quantizer(self.to_code((x - self.mean).flatten(1)).view(len(x), 16, 2))[1]
    def decode(self, tokens, k): return lowpass(torch.einsum('bnd,ndp->bp', self.quantizer.lookup(tokens)[:, :k], self.words[:k]).view(-1, 1, 32, 32) + self.mean, int(cuts[k - 1]))
def train(x):
    tok, g = LinearNested(x.mean(0)), generator('exercise', 'train')
    optimizer = torch.optim.Adam(tok.parameters(), lr=3e-3)
    for step in range(100):
        seen, k = x[torch.randint(len(x), (64,), generator=g)], [16, 1 + step//2 % 16][step % 2]
        loss = (tok.decode(tok.encode(seen), k) - lowpass(seen, int(cuts[k - 1]))).square().mean()
        optimizer.zero_grad(); loss.backward(); optimizer.step()
    return tok

# %% 4, wrong: low-passes, but draws with all tokens
class LinearNested(torch.nn.Module):
    def __init__(self, mean):
        super().__init__()
        self.register_buffer('mean', mean)
        self.quantizer = make_quantizer('fsq', levels=[8, 8])
        self.to_code, self.to_pixels = torch.nn.Linear(1024, 32), torch.nn.Linear(32, 1024)
    def codes(self, x): return self.quantizer(self.to_code((x - self.mean).flatten(1)).view(len(x), 16, 2))
    def draw(self, z, k): return lowpass(self.to_pixels(z.flatten(1)).view(-1, 1, 32, 32) + self.mean, int(cuts[k - 1]))
    def encode(self, x): return self.codes(x)[1]
    def decode(self, tokens, k): return self.draw(self.quantizer.lookup(tokens), k)
def train(x):
    tok, g = LinearNested(x.mean(0)), generator('exercise', 'train')
    optimizer = torch.optim.Adam(tok.parameters(), lr=3e-3)
    for step in range(50):
        seen = x[torch.randint(len(x), (64,), generator=g)]
        loss = (tok.draw(tok.codes(seen)[0], 16) - seen).square().mean()
        optimizer.zero_grad(); loss.backward(); optimizer.step()
    return tok

# %% 4, wrong: forgets the low-pass
class LinearNested(torch.nn.Module):
    def __init__(self, mean):
        super().__init__()
        self.register_buffer('mean', mean)
        self.quantizer = make_quantizer('fsq', levels=[8, 8])
        self.to_code, self.words = torch.nn.Linear(1024, 32), torch.nn.Parameter(torch.randn(16, 2, 1024)*.02)
    def encode(self, x): return self.quantizer(self.to_code((x - self.mean).flatten(1)).view(len(x), 16, 2))[1]
    def decode(self, tokens, k): return torch.einsum('bnd,ndp->bp', self.quantizer.lookup(tokens)[:, :k], self.words[:k]).view(-1, 1, 32, 32) + self.mean
def train(x): return LinearNested(x.mean(0))
