"Answers to the exercises of chapter 02, and wrong answers that its tests refuse."

# %% 1
def corner_share(x, w):
    energy = dct2(x).square()
    return energy[..., :w, :w].sum((1, 2, 3))/energy.sum((1, 2, 3))
# White noise spreads its energy evenly, so it follows w^2/(h*width); garments have most of theirs in a small corner.

# %% 1, wrong: adds sizes instead of squares
def corner_share(x, w):
    size = dct2(x).abs()
    return size[..., :w, :w].sum((1, 2, 3))/size.sum((1, 2, 3))

# %% 1, wrong: takes the share of pixels, not of waves
def corner_share(x, w):
    return x[..., :w, :w].square().sum((1, 2, 3))/x.square().sum((1, 2, 3))

# %% 1, wrong: one share for the whole batch
def corner_share(x, w):
    energy = dct2(x).square()
    return (energy[..., :w, :w].sum()/energy.sum()).expand(len(x))

# %% 2
def triangle(x, t):
    i, j = (torch.arange(n) for n in x.shape[-2:])
    return idct2(dct2(x)*(i[:, None] + j < t))
# The triangle nearest in size to a corner of 64 has t = 90: 4,095 coefficients. For photographs the triangle keeps a little
# more, because their energy falls with the distance from the origin, about alike in all directions.

# %% 2, wrong: one diagonal too many
def triangle(x, t):
    i, j = (torch.arange(n) for n in x.shape[-2:])
    return idct2(dct2(x)*(i[:, None] + j <= t))

# %% 2, wrong: masks the pixels
def triangle(x, t):
    i, j = (torch.arange(n) for n in x.shape[-2:])
    return x*(i[:, None] + j < t)

# %% 3
def project(x, w):
    H, W = (dct_matrix(n)[:w] for n in x.shape[-2:]) # the first w rows, for each axis
    return (H.T @ H) @ x @ (W.T @ W)
# One axis of n pixels: a projection costs n multiplications a pixel, C_w and then its transpose 2w. So below w = n/2 rather one
# after the other, and the coefficients in between are the w x w corner itself.

# %% 3, wrong: the matrix of the height for both axes
def project(x, w):
    C = dct_matrix(x.shape[-2])[:w]
    P = C.T @ C
    return P @ x @ P if x.shape[-1] == x.shape[-2] else torch.cat([P @ x[..., :len(P)] @ P, x[..., len(P):]], -1)

# %% 3, wrong: keeps columns of the matrix instead of rows
def project(x, w):
    H, W = (dct_matrix(n)[:, :w] for n in x.shape[-2:])
    return (H @ H.T) @ x @ (W @ W.T)

# %% 4
def slope(f, w, s):
    if s == 0: return (f < w).float()
    return .5 + .5*torch.cos(math.pi*((f - w)/(s*w)).clamp(0, 1))

def window(x, w, s):
    i, j = (torch.arange(n, dtype=x.dtype) for n in x.shape[-2:])
    return idct2(dct2(x)*slope(i, w, s)[:, None]*slope(j, w, s))
# The overshoot falls at once with s, the overlap of neighbours grows: windows no longer nest. A quarter takes away more than
# half of the ringing; a tokenizer whose prefixes shall be exact projections keeps s = 0.

# %% 4, wrong: a straight line instead of half a cosine, from w/2 on
def window(x, w, s):
    if s == 0: return lowpass(x, w)
    m = lambda n: (1 - (torch.arange(n) - w*(1 - s/2))/(s*w)).clamp(0, 1)
    return idct2(dct2(x)*m(x.shape[-2])[:, None]*m(x.shape[-1]))

# %% 4, wrong: forgets one axis
def window(x, w, s):
    if s == 0: return lowpass(x, w)
    i = torch.arange(x.shape[-1], dtype=x.dtype)
    return idct2(dct2(x)*(.5 + .5*torch.cos(math.pi*((i - w)/(s*w)).clamp(0, 1))))
