"Answers to the exercises of chapter 02, and wrong answers that its tests refuse."

# %% 1
def corner_share(x, w):
    energy = dct2(x).square()
    return energy[..., :w, :w].sum((1, 2, 3))/energy.sum((1, 2, 3))
# White noise spreads its energy evenly, so it follows min(w, h)*min(w, width)/(h*width): a parabola in w, until the shorter side is
# full. Garments have most of theirs in a small corner.

# %% 1, wrong: the mean of the channels' shares
def corner_share(x, w):
    energy = dct2(x).square()
    return (energy[..., :w, :w].sum((2, 3))/energy.sum((2, 3)).clamp(min=1e-12)).mean(1)

# %% 1, wrong: looks at the first channel only
def corner_share(x, w):
    energy = dct2(x[:, :1]).square()
    return energy[..., :w, :w].sum((1, 2, 3))/energy.sum((1, 2, 3))

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
# The triangle nearest in size to a corner of 64 has t = 90: 4,095 coefficients. Of the photograph it keeps 93.8% of the energy, the
# corner 93.3%; of garments the triangle with t = 11 (66 coefficients) keeps 90.8%, the corner of 8 (64) 88.6%. Mirrored to all four
# quarters, the triangle is the square turned by 45 degrees. If only the distance from the origin counted, the two would keep the
# same. So the difference says that these pictures have more of their energy near the axes, in upright and level edges.

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
    H, W = (dct_matrix(n, x.dtype, x.device)[:w] for n in x.shape[-2:]) # the first w rows, for each axis
    return (H.T @ H) @ x @ (W.T @ W)
# One axis of n pixels: a projection costs n multiplications a pixel, C_w and then its transpose 2w. So below w = n/2 rather one
# after the other, and the coefficients in between are the w x w corner itself.

# %% 3, wrong: calls lowpass
def project(x, w): return lowpass(x, w)

# %% 3, wrong: sets coefficients to zero after computing all of them
def project(x, w):
    X = dct2(x)
    X[..., w:, :] = 0; X[..., w:] = 0
    return idct2(X)

# %% 3, wrong: always computes in float32
def project(x, w):
    H, W = (dct_matrix(n)[:w] for n in x.shape[-2:])
    return (H.T @ H) @ x.float() @ (W.T @ W)

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
def slope(f, w, s): # m at the frequencies f
    if s == 0: return (f < w).to(f.dtype)
    return .5 + .5*torch.cos(math.pi*((f - (w - 1))/(s*w)).clamp(0, 1))

def window(x, w, s):
    i, j = (torch.arange(n, dtype=x.dtype) for n in x.shape[-2:])
    return idct2(dct2(x)*slope(i, w, s)[:, None]*slope(j, w, s))
# What hardly falls is the first overshoot: at w = 32 it is 8.8% of the step for s = 0, 8.9% for s = 1/4, 8.6% for 1/2 and 8.0% for 1,
# up and down in between (at w = 64 it even grows from 8.4% to 9.1% at s = 1/4). What a slope shortens is the ringing: beyond 24 pixels
# the root mean square of the ripples is 0.023, 0.011, 0.005 and 0.0007. The overlap grows from 0 to 0.04, 0.09 and 0.17, far less than
# the Gaussian's 0.75. The Gaussian has no overshoot because it falls from frequency 0 on, and that is just why its bands overlap so much.
# A tokenizer whose prefixes shall be exact projections keeps s = 0; one that cares only for the looks may take a half.

# %% 4, wrong: 1 up to w instead of w - 1
def window(x, w, s):
    if s == 0: return lowpass(x, w)
    m = lambda n: .5 + .5*torch.cos(math.pi*((torch.arange(n, dtype=x.dtype) - w)/(s*w)).clamp(0, 1))
    return idct2(dct2(x)*m(x.shape[-2])[:, None]*m(x.shape[-1]))

# %% 4, wrong: a straight line instead of half a cosine
def window(x, w, s):
    if s == 0: return lowpass(x, w)
    m = lambda n: 1 - ((torch.arange(n, dtype=x.dtype) - (w - 1))/(s*w)).clamp(0, 1)
    return idct2(dct2(x)*m(x.shape[-2])[:, None]*m(x.shape[-1]))

# %% 4, wrong: a cubic instead of half a cosine
def window(x, w, s):
    if s == 0: return lowpass(x, w)
    def m(n):
        t = ((torch.arange(n, dtype=x.dtype) - (w - 1))/(s*w)).clamp(0, 1)
        return 1 - t*t*(3 - 2*t)
    return idct2(dct2(x)*m(x.shape[-2])[:, None]*m(x.shape[-1]))

# %% 4, wrong: by the distance from the origin
def window(x, w, s):
    if s == 0: return lowpass(x, w)
    i, j = (torch.arange(n, dtype=x.dtype) for n in x.shape[-2:])
    return idct2(dct2(x)*(.5 + .5*torch.cos(math.pi*((torch.hypot(i[:, None], j) - (w - 1))/(s*w)).clamp(0, 1))))

# %% 4, wrong: the smaller of the two instead of their product
def window(x, w, s):
    if s == 0: return lowpass(x, w)
    m = lambda n: .5 + .5*torch.cos(math.pi*((torch.arange(n, dtype=x.dtype) - (w - 1))/(s*w)).clamp(0, 1))
    return idct2(dct2(x)*torch.minimum(m(x.shape[-2])[:, None], m(x.shape[-1])))

# %% 4, wrong: one m, as long as the width, for both axes
def window(x, w, s):
    if s == 0: return lowpass(x, w)
    m = .5 + .5*torch.cos(math.pi*((torch.arange(x.shape[-1], dtype=x.dtype) - (w - 1))/(s*w)).clamp(0, 1))
    return idct2(dct2(x)*m[:, None]*m)

# %% 4, wrong: forgets one axis
def window(x, w, s):
    if s == 0: return lowpass(x, w)
    j = torch.arange(x.shape[-1], dtype=x.dtype)
    return idct2(dct2(x)*(.5 + .5*torch.cos(math.pi*((j - (w - 1))/(s*w)).clamp(0, 1))))

# %% 4, wrong: ignores the slope
def window(x, w, s): return lowpass(x, w)
