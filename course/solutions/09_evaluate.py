"Answers to the exercises of chapter 09, and wrong answers that its tests refuse."

# %% 1
def frechet(a, b):
    a, b = a.double(), b.double()
    S, T = torch.cov(a.T), torch.cov(b.T)
    roots = torch.linalg.eigvals(S @ T).real.clamp(min=0).sqrt()
    return ((a.mean(0) - b.mean(0)).square().sum() + S.trace() + T.trace() - 2*roots.sum()).item()
# The root of a negative number is not a number, and spoils the sum; so what rounding pushed below 0 is set to 0.

# %% 1, wrong: takes the roots of single entries
def frechet(a, b):
    a, b = a.double(), b.double()
    S, T = torch.cov(a.T), torch.cov(b.T)
    return ((a.mean(0) - b.mean(0)).square().sum() + S.trace() + T.trace() - 2*(S*T).diagonal().sqrt().sum()).item()

# %% 1, wrong: divides by n
def frechet(a, b):
    a, b = a.double(), b.double()
    S, T = torch.cov(a.T, correction=0), torch.cov(b.T, correction=0)
    roots = torch.linalg.eigvals(S @ T).real.clamp(min=0).sqrt()
    return ((a.mean(0) - b.mean(0)).square().sum() + S.trace() + T.trace() - 2*roots.sum()).item()

# %% 1, wrong: returns the root of the distance
def frechet(a, b):
    a, b = a.double(), b.double()
    S, T = torch.cov(a.T), torch.cov(b.T)
    roots = torch.linalg.eigvals(S @ T).real.clamp(min=0).sqrt()
    return ((a.mean(0) - b.mean(0)).square().sum() + S.trace() + T.trace() - 2*roots.sum()).clamp(min=0).sqrt().item()

# %% 1, wrong: roots of negative eigenvalues
def frechet(a, b):
    a, b = a.double(), b.double()
    S, T = torch.cov(a.T), torch.cov(b.T)
    roots = torch.linalg.eigvals(S @ T).real.sqrt()
    return ((a.mean(0) - b.mean(0)).square().sum() + S.trace() + T.trace() - 2*roots.sum()).item()

# %% 1, wrong: leaves float32 as it is
def frechet(a, b):
    S, T = torch.cov(a.T), torch.cov(b.T)
    roots = torch.linalg.eigvals(S @ T).real.clamp(min=0).sqrt()
    return ((a.mean(0) - b.mean(0)).square().sum() + S.trace() + T.trace() - 2*roots.sum()).item()

# %% 1, wrong: one n for both crowds
def frechet(a, b):
    a, b = a.double(), b.double()
    A, B = a - a.mean(0), b - b.mean(0)
    S, T = A.T @ A/(len(a) - 1), B.T @ B/(len(a) - 1)
    roots = torch.linalg.eigvals(S @ T).real.clamp(min=0).sqrt()
    return ((a.mean(0) - b.mean(0)).square().sum() + S.trace() + T.trace() - 2*roots.sum()).item()

# %% 1, wrong: changes the features that it was given
def frechet(a, b):
    a, b = a.double(), b.double()
    means = (a.mean(0) - b.mean(0)).square().sum()
    a -= a.mean(0); b -= b.mean(0)
    S, T = a.T @ a/(len(a) - 1), b.T @ b/(len(b) - 1)
    return (means + S.trace() + T.trace() - 2*torch.linalg.eigvals(S @ T).real.clamp(min=0).sqrt().sum()).item()

# %% 1, wrong: singular values in the place of eigenvalues
def frechet(a, b):
    a, b = a.double(), b.double()
    S, T = torch.cov(a.T), torch.cov(b.T)
    return ((a.mean(0) - b.mean(0)).square().sum() + S.trace() + T.trace() - 2*torch.linalg.svdvals(S @ T).sqrt().sum()).item()

# %% 1, wrong: asks torch-fidelity
def frechet(a, b):
    from torch_fidelity.metric_fid import fid_statistics_to_metric
    def statistics(x): return dict(mu=x.double().mean(0).numpy(), sigma=torch.cov(x.double().T).numpy())
    return float(fid_statistics_to_metric(statistics(a), statistics(b), False)['frechet_inception_distance'])

# %% 2
def bootstrap(x, number, gen, rounds=400, level=.9):
    rows = torch.randint(len(x), (rounds, len(x)), generator=gen)
    values = torch.tensor([float(number(x[r])) for r in rows])
    return values.quantile((1 - level)/2).item(), values.quantile((1 + level)/2).item()
# For the Frechet distance nearly all of what comes out is larger than the value itself, which lies at the low end of the
# interval or below it. A crowd drawn with replacement holds only some 63% of the images, many of them twice; so it is like
# a smaller crowd, and small crowds seem further away. The bootstrap answers for numbers whose bias is small beside their
# spread. For a distance, draw new samples instead, or parts without replacement.

# %% 2, wrong: draws without replacement
def bootstrap(x, number, gen, rounds=400, level=.9):
    values = torch.tensor([float(number(x[torch.randperm(len(x), generator=gen)])) for _ in range(rounds)])
    return values.quantile((1 - level)/2).item(), values.quantile((1 + level)/2).item()

# %% 2, wrong: the spread of the data, not of the number
def bootstrap(x, number, gen, rounds=400, level=.9):
    return x.quantile((1 - level)/2).item(), x.quantile((1 + level)/2).item()

# %% 2, wrong: cuts off the whole rest at either end
def bootstrap(x, number, gen, rounds=400, level=.9):
    rows = torch.randint(len(x), (rounds, len(x)), generator=gen)
    values = torch.tensor([float(number(x[r])) for r in rows])
    return values.quantile(1 - level).item(), values.quantile(level).item()

# %% 2, wrong: draws each column by itself
def bootstrap(x, number, gen, rounds=400, level=.9):
    def again():
        if x.ndim == 1: return x[torch.randint(len(x), (len(x),), generator=gen)]
        return torch.stack([column[torch.randint(len(x), (len(x),), generator=gen)] for column in x.unbind(1)], 1)
    values = torch.tensor([float(number(again())) for _ in range(rounds)])
    return values.quantile((1 - level)/2).item(), values.quantile((1 + level)/2).item()

# %% 2, wrong: its rows do not come from gen
def bootstrap(x, number, gen, rounds=400, level=.9):
    values = torch.tensor([float(number(x[r])) for r in torch.randint(len(x), (rounds, len(x)))])
    return values.quantile((1 - level)/2).item(), values.quantile((1 + level)/2).item()

# %% 2, wrong: always 400 rounds
def bootstrap(x, number, gen, rounds=400, level=.9):
    values = torch.tensor([float(number(x[r])) for r in torch.randint(len(x), (400, len(x)), generator=gen)])
    return values.quantile((1 - level)/2).item(), values.quantile((1 + level)/2).item()

# %% 2, wrong: the last row is out of reach
def bootstrap(x, number, gen, rounds=400, level=.9):
    values = torch.tensor([float(number(x[r])) for r in torch.randint(len(x) - 1, (rounds, len(x)), generator=gen)])
    return values.quantile((1 - level)/2).item(), values.quantile((1 + level)/2).item()

# %% 2, wrong: mean and deviation of the values, as if they were normal
def bootstrap(x, number, gen, rounds=400, level=.9):
    values = torch.tensor([float(number(x[r])) for r in torch.randint(len(x), (rounds, len(x)), generator=gen)])
    z = 2**.5*torch.erfinv(torch.tensor(level))
    return (values.mean() - z*values.std()).item(), (values.mean() + z*values.std()).item()

# %% 2, wrong: mirrors the interval at the value itself
def bootstrap(x, number, gen, rounds=400, level=.9):
    values = torch.tensor([float(number(x[r])) for r in torch.randint(len(x), (rounds, len(x)), generator=gen)])
    return 2*float(number(x)) - values.quantile((1 + level)/2).item(), 2*float(number(x)) - values.quantile((1 - level)/2).item()

# %% 3
def unnoticed(x): # one white pixel in the corner
    y = x.clone()
    y[..., 0, 0] = 1
    return y

def unseen(x): # a step of every pixel towards what the critic takes for a coat
    x = x.detach().clone().requires_grad_()
    slope, = torch.autograd.grad(load_classifier('critic')(x)[:, 4].sum(), x)
    return (x + .04*slope.sign()).detach().clamp(-1, 1)
# The features are averages over positions, so one strange place out of many weighs little. And what moves the critic moves
# the scorer, though they differ in shape and seed: both learnt the same tell-tale textures from the same images. Coats and
# shirts are the dearest goals; making the critic unsure of its own answer is enough, too.

# %% 3, wrong: a crowd in another order, and noise
def unnoticed(x): return x.flip(0)

def unseen(x): return (x + .04*torch.randn(x.shape, generator=generator('mine')).sign()).clamp(-1, 1)

# %% 3, wrong: everything a little brighter, which is neither seen nor priced
def unnoticed(x): return (x + .04).clamp(-1, 1)

def unseen(x): return (x + .04).clamp(-1, 1)

# %% 3, wrong: a mirror image is seen and priced; the step is twice too long
def unnoticed(x): return x.flip(3)

def unseen(x):
    x = x.detach().clone().requires_grad_()
    slope, = torch.autograd.grad(load_classifier('critic')(x)[:, 4].sum(), x)
    return (x + .08*slope.sign()).detach().clamp(-1, 1)

# %% 3, wrong: stripes
def unnoticed(x): return x.roll(4, 2)

def unseen(x): return (x + .04*(torch.arange(32)//2 % 2*2 - 1)).clamp(-1, 1)

# %% 3, wrong: changes the images that it was given
def unnoticed(x):
    x[..., 0, 0] = 1
    return x

def unseen(x):
    z = x.detach().clone().requires_grad_()
    slope, = torch.autograd.grad(load_classifier('critic')(z)[:, 4].sum(), z)
    x += .04*slope.sign()
    return x.clamp_(-1, 1)

# %% 4
def caught(samples, test, train):
    def distance(x): # to the nearest training image, over all nine moves
        moved = [x.roll((i, j), (2, 3)) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        return torch.stack([nearest(y, train)[0] for y in moved]).amin(0)
    return distance(samples) < distance(test).quantile(.01)
# Each way of hiding that one thinks of can be searched like this, at the price of a search each, and of a lower threshold:
# the more ways one looks, the nearer honest images come. Features that do not see such changes are the cheaper way; but what
# they do not see, they do not catch either.

# %% 4, wrong: looks for copies that stand still
def caught(samples, test, train): return nearest(samples, train)[0] < nearest(test, train)[0].quantile(.01)

# %% 4, wrong: takes the middle of the test images for the threshold
def caught(samples, test, train):
    def distance(x): return torch.stack([nearest(x.roll((i, j), (2, 3)), train)[0] for i in (-1, 0, 1) for j in (-1, 0, 1)]).amin(0)
    return distance(samples) < distance(test).median()

# %% 4, wrong: moves the samples, and not the test images, by up to four pixels
def caught(samples, test, train):
    moved = [samples.roll((i, j), (2, 3)) for i in range(-4, 5) for j in range(-4, 5)]
    return torch.stack([nearest(y, train)[0] for y in moved]).amin(0) < nearest(test, train)[0].quantile(.05)

# %% 4, wrong: moves down and to the right alone
def caught(samples, test, train):
    def distance(x): return torch.stack([nearest(x.roll((i, j), (2, 3)), train)[0] for i in (0, 1) for j in (0, 1)]).amin(0)
    return distance(samples) < distance(test).quantile(.01)

# %% 4, wrong: a threshold that asks no test image
def caught(samples, test, train):
    return torch.stack([nearest(samples.roll((i, j), (2, 3)), train)[0] for i in (-1, 0, 1) for j in (-1, 0, 1)]).amin(0) < 1e-3

# %% 4, wrong: moves the samples, and not the test images
def caught(samples, test, train):
    moved = [samples.roll((i, j), (2, 3)) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    return torch.stack([nearest(y, train)[0] for y in moved]).amin(0) < nearest(test, train)[0].quantile(.01)

# %% 4, wrong: two hundredths, and not one
def caught(samples, test, train):
    def distance(x): return torch.stack([nearest(x.roll((i, j), (2, 3)), train)[0] for i in (-1, 0, 1) for j in (-1, 0, 1)]).amin(0)
    return distance(samples) < distance(test).quantile(.02)

# %% 4, wrong: moves by up to two pixels
def caught(samples, test, train):
    def distance(x): return torch.stack([nearest(x.roll((i, j), (2, 3)), train)[0] for i in range(-2, 3) for j in range(-2, 3)]).amin(0)
    return distance(samples) < distance(test).quantile(.01)

# %% 4, wrong: up or down, or left or right, and never both
def caught(samples, test, train):
    def distance(x): return torch.stack([nearest(x.roll(move, (2, 3)), train)[0] for move in ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0))]).amin(0)
    return distance(samples) < distance(test).quantile(.01)
