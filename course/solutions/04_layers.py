"Answers to the exercises of chapter 04, and wrong answers that its tests refuse."

# %% 1
def window(n, back):
    i = torch.arange(n)
    ago = i[:, None] - i # how long ago column j was, seen from row i
    return (ago >= 0) & (ago <= back)

def reach(mask, blocks):
    itself = torch.eye(len(mask), dtype=torch.bool)
    once, heard = (mask | itself).float(), itself # a block adds to its input: everybody sees itself
    for _ in range(blocks): heard = heard.float() @ once > 0 # yes or no each time: the number of ways grows beyond all numbers
    return heard
# After d blocks a position hears the last d*back positions. A prior of 16 tokens with back = 2 needs 8 blocks: 15/2, rounded up.

# %% 1, wrong: one position too many
def window(n, back):
    ago = torch.arange(n)[:, None] - torch.arange(n)
    return (ago >= 0) & (ago <= back + 1)

def reach(mask, blocks):
    return torch.linalg.matrix_power((mask | torch.eye(len(mask), dtype=torch.bool)).float(), blocks) > 0

# %% 1, wrong: looks into the future
def window(n, back):
    ago = torch.arange(n) - torch.arange(n)[:, None]
    return (ago >= 0) & (ago <= back)

def reach(mask, blocks):
    return torch.linalg.matrix_power((mask | torch.eye(len(mask), dtype=torch.bool)).float(), blocks) > 0

# %% 1, wrong: forgets that a block adds to its input
def window(n, back):
    ago = torch.arange(n)[:, None] - torch.arange(n)
    return (ago >= 0) & (ago <= back)

def reach(mask, blocks):
    return torch.linalg.matrix_power(mask.float(), blocks) > 0

# %% 1, wrong: squares, where one block more is one product more
def window(n, back):
    ago = torch.arange(n)[:, None] - torch.arange(n)
    return (ago >= 0) & (ago <= back)

def reach(mask, blocks):
    seen = mask | torch.eye(len(mask), dtype=torch.bool)
    for _ in range(blocks - 1): seen = (seen.float() @ seen.float()) > 0
    return seen if blocks else torch.eye(len(mask), dtype=torch.bool)

# %% 1, wrong: counts the ways through the stack, until the numbers overflow
def window(n, back):
    ago = torch.arange(n)[:, None] - torch.arange(n)
    return (ago >= 0) & (ago <= back)

def reach(mask, blocks):
    return torch.linalg.matrix_power((mask | torch.eye(len(mask), dtype=torch.bool)).float(), blocks) > 0

# %% 1, wrong: takes every mask for a window
def window(n, back):
    ago = torch.arange(n)[:, None] - torch.arange(n)
    return (ago >= 0) & (ago <= back)

def reach(mask, blocks):
    return window(len(mask), blocks*(int(mask.sum(1)[-1]) - int(mask[-1, -1])))

# %% 1, wrong: writes into the mask
def window(n, back):
    ago = torch.arange(n)[:, None] - torch.arange(n)
    return (ago >= 0) & (ago <= back)

def reach(mask, blocks):
    seen, once = torch.eye(len(mask)), mask.fill_diagonal_(True).float()
    for _ in range(blocks): seen = (seen @ once > 0).float()
    return seen > 0

# %% 2
class RollingCache:
    def __init__(self, size): self.size, self.k, self.v = size, None, None
    def append(self, k, v):
        if self.k is not None: k, v = torch.cat([self.k, k], 2), torch.cat([self.v, v], 2)
        self.k, self.v = k[:, :, -self.size:].clone(), v[:, :, -self.size:].clone() # a copy: a slice alone would keep the rest in memory
        return self.k, self.v
# Keys are turned before they are stored, by their own positions, and a score sees differences only: what is forgotten need not be
# renumbered. A ring, written at position % size, copies nothing; its order is then another, which attention does not mind.
# A token can know of others up to blocks*(size - 1) positions back, through what was stored of those between.

# %% 2, wrong: keeps everything
class RollingCache:
    def __init__(self, size): self.k, self.v = None, None
    def append(self, k, v):
        if self.k is not None: k, v = torch.cat([self.k, k], 2), torch.cat([self.v, v], 2)
        self.k, self.v = k, v
        return k, v

# %% 2, wrong: keeps the first positions, not the last
class RollingCache:
    def __init__(self, size): self.size, self.k, self.v = size, None, None
    def append(self, k, v):
        if self.k is not None: k, v = torch.cat([self.k, k], 2), torch.cat([self.v, v], 2)
        self.k, self.v = k[:, :, :self.size], v[:, :, :self.size]
        return self.k, self.v

# %% 2, wrong: forgets before it stores, so it returns one too many
class RollingCache:
    def __init__(self, size): self.size, self.k, self.v = size, None, None
    def append(self, k, v):
        if self.k is not None: k, v = torch.cat([self.k[:, :, -self.size:], k], 2), torch.cat([self.v[:, :, -self.size:], v], 2)
        self.k, self.v = k, v
        return k, v

# %% 2, wrong: returns the last ones and keeps all
class RollingCache:
    def __init__(self, size): self.size, self.k, self.v = size, [], []
    def append(self, k, v):
        self.k.append(k); self.v.append(v)
        return torch.cat(self.k[-self.size:], 2), torch.cat(self.v[-self.size:], 2)

# %% 2, wrong: all caches share one memory
class RollingCache:
    old = []
    def __init__(self, size): self.size = size; self.old.clear()
    def append(self, k, v):
        self.old.append((k, v)); del self.old[:-self.size]
        return torch.cat([k for k, _ in self.old], 2), torch.cat([v for _, v in self.old], 2)

# %% 2, wrong: with room for one position it keeps everything, as -0 is 0
class RollingCache:
    def __init__(self, size): self.size, self.k, self.v = size, None, None
    def append(self, k, v):
        if self.k is not None: k, v = torch.cat([self.k[:, :, -(self.size - 1):], k], 2), torch.cat([self.v[:, :, -(self.size - 1):], v], 2)
        self.k, self.v = k, v
        return k, v

# %% 3
def attend_stream(q, blocks):
    top = torch.full((len(q), 1), -torch.inf) # the largest score so far
    total, out = torch.zeros(len(q), 1), 0.   # the sum of the exponentials, and of the values weighted by them; both relative to `top`
    for k, v in blocks:
        scores = q @ k.T/q.shape[1]**.5 # (m, s)
        new = torch.maximum(top, scores.amax(1, keepdim=True))
        w, old = (scores - new).exp(), (top - new).exp() # at the first block, old is exp(-inf) = 0
        total, out, top = total*old + w.sum(1, keepdim=True), out*old + w @ v, new
    return out/total
# Three running numbers for each query: the largest score, the sum, the weighted values. Two such states can be merged in the same way,
# in any order, so blocks may also be shared among processors. FlashAttention does this for blocks that fit into fast memory.

# %% 3, wrong: the mean of the blocks' results
def attend_stream(q, blocks):
    out = [(q @ k.T/q.shape[1]**.5).softmax(1) @ v for k, v in blocks]
    return sum(out)/len(out)

# %% 3, wrong: exponentials without the largest score taken off
def attend_stream(q, blocks):
    total, out = 0., 0.
    for k, v in blocks:
        w = (q @ k.T/q.shape[1]**.5).exp()
        total, out = total + w.sum(1, keepdim=True), out + w @ v
    return out/total

# %% 3, wrong: takes off each block's largest score and does not rescale
def attend_stream(q, blocks):
    total, out = 0., 0.
    for k, v in blocks:
        scores = q @ k.T/q.shape[1]**.5
        w = (scores - scores.amax(1, keepdim=True)).exp()
        total, out = total + w.sum(1, keepdim=True), out + w @ v
    return out/total

# %% 3, wrong: collects all blocks first
def attend_stream(q, blocks):
    k, v = (torch.cat(parts) for parts in zip(*blocks))
    return (q @ k.T/q.shape[1]**.5).softmax(1) @ v

# %% 3, wrong: begins with 0 for the largest score
def attend_stream(q, blocks):
    top, total, out = torch.zeros(len(q), 1), 0., 0.
    for k, v in blocks:
        scores = q @ k.T/q.shape[1]**.5
        new = torch.maximum(top, scores.amax(1, keepdim=True))
        w, old = (scores - new).exp(), (top - new).exp()
        total, out, top = total*old + w.sum(1, keepdim=True), out*old + w @ v, new
    return out/total

# %% 3, wrong: one largest score for all queries
def attend_stream(q, blocks):
    top, total, out = torch.tensor(-torch.inf), 0., 0.
    for k, v in blocks:
        scores = q @ k.T/q.shape[1]**.5
        new = torch.maximum(top, scores.max())
        w, old = (scores - new).exp(), (top - new).exp()
        total, out, top = total*old + w.sum(1, keepdim=True), out*old + w @ v, new
    return out/total

# %% 3, wrong: rescales the sum, but not the values
def attend_stream(q, blocks):
    top, total, out = torch.full((len(q), 1), -torch.inf), 0., 0.
    for k, v in blocks:
        scores = q @ k.T/q.shape[1]**.5
        new = torch.maximum(top, scores.amax(1, keepdim=True))
        w, old = (scores - new).exp(), (top - new).exp()
        total, out, top = total*old + w.sum(1, keepdim=True), out + w @ v, new
    return out/total

# %% 3, wrong: knows one width only
def attend_stream(q, blocks):
    top, total, out = torch.full((len(q), 1), -torch.inf), 0., 0.
    for k, v in blocks:
        scores = q @ k.T/8**.5
        new = torch.maximum(top, scores.amax(1, keepdim=True))
        w, old = (scores - new).exp(), (top - new).exp()
        total, out, top = total*old + w.sum(1, keepdim=True), out*old + w @ v, new
    return out/total

# %% 4
def attend_or_rest(q, k, v, mask):
    someone = mask.any(-1, keepdim=True) # (..., n, 1)
    scores = (q @ k.mT/q.shape[-1]**.5).masked_fill(~mask & someone, -torch.inf) # a row with nobody stays finite
    return (scores.softmax(-1)*someone) @ v # and is closed after the softmax
# `attend` divides 0 by 0: NaN. `F.scaled_dot_product_attention` gives zeros in recent versions of torch, NaN in older ones.
# A NaN that is replaced in the result is still there on the way back: the gradient of v is the weights times a zero, NaN. Replaced among the
# weights it does no harm: `masked_fill` hands no gradient to what it has filled. To refuse such a mask costs a pass over it,
# and on a GPU a wait for the answer, at every call. A null key, score 0 and value 0, needs no case at all: a row with nobody looks at it alone.
# But it takes weight from all other rows, too, so it is a new model: every head may then say nothing.

# %% 4, wrong: replaces NaN in the result
def attend_or_rest(q, k, v, mask):
    scores = (q @ k.mT/q.shape[-1]**.5).masked_fill(~mask, -torch.inf)
    return (scores.softmax(-1) @ v).nan_to_num(0.)

# %% 4, wrong: multiplies NaN by zero
def attend_or_rest(q, k, v, mask):
    weights = (q @ k.mT/q.shape[-1]**.5).masked_fill(~mask, -torch.inf).softmax(-1)
    return (weights*mask.any(-1, keepdim=True)) @ v

# %% 4, wrong: a large negative score, so a row with nobody looks at all alike
def attend_or_rest(q, k, v, mask):
    return (q @ k.mT/q.shape[-1]**.5).masked_fill(~mask, -1e9).softmax(-1) @ v

# %% 4, wrong: a null key for all, which changes every row
def attend_or_rest(q, k, v, mask):
    scores = (q @ k.mT/q.shape[-1]**.5).masked_fill(~mask, -torch.inf)
    scores = torch.cat([scores, torch.zeros_like(scores[..., :1])], -1)
    return scores.softmax(-1)[..., :-1] @ v

# %% 4, wrong: leaves it to a function that gave NaN in older versions of torch
def attend_or_rest(q, k, v, mask):
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)

# %% 4, wrong: opens rows in the caller's mask
def attend_or_rest(q, k, v, mask):
    empty = ~mask.any(-1, keepdim=True)
    mask |= empty
    return (q @ k.mT/q.shape[-1]**.5).masked_fill(~mask, -torch.inf).softmax(-1).masked_fill(empty, 0) @ v

# %% 4, wrong: knows that it is the first row
def attend_or_rest(q, k, v, mask):
    rest = F.scaled_dot_product_attention(q[..., 1:, :], k, v, attn_mask=mask[..., 1:, :])
    first = torch.zeros_like(rest[..., :1, :]) if not mask[..., 0, :].any() else F.scaled_dot_product_attention(q[..., :1, :], k, v, attn_mask=mask[..., :1, :])
    return torch.cat([first, rest], -2)

# %% 4, wrong: asks by columns whom nobody looks at
def attend_or_rest(q, k, v, mask):
    someone = mask.any(-2)[..., None]
    if someone.shape[-2] != q.shape[-2]: someone = mask.any(-1, keepdim=True)
    return ((q @ k.mT/q.shape[-1]**.5).masked_fill(~mask, -1e4).softmax(-1)*someone) @ v
