"Answers to the exercises of chapter 16, and wrong answers that its tests refuse."

# %% 1
def our_share(ours, theirs):
    if not ours or len(ours) != len(theirs): raise ValueError(f'{len(ours)} and {len(theirs)} rounds; allowed: as many on either side, 1 or more')
    return median(a/b for a, b in zip(ours, theirs))
# In the second test: the hit in round 1 pushes our median into the busy rounds, theirs stays in the quiet ones.

# %% 1, wrong: the ratio of the medians
def our_share(ours, theirs):
    if not ours or len(ours) != len(theirs): raise ValueError('rounds without a partner')
    return median(ours)/median(theirs)

# %% 1, wrong: the ratio of the sums
def our_share(ours, theirs):
    if not ours or len(ours) != len(theirs): raise ValueError('rounds without a partner')
    return sum(ours)/sum(theirs)

# %% 1, wrong: the ratio of the best
def our_share(ours, theirs):
    if not ours or len(ours) != len(theirs): raise ValueError('rounds without a partner')
    return min(ours)/min(theirs)

# %% 1, wrong: theirs over ours
def our_share(ours, theirs):
    if not ours or len(ours) != len(theirs): raise ValueError('rounds without a partner')
    return median(b/a for a, b in zip(ours, theirs))

# %% 1, wrong: drops rounds without a partner
def our_share(ours, theirs): return median(a/b for a, b in zip(ours, theirs))

# %% 1, wrong: the upper one of the middle two
def our_share(ours, theirs):
    if not ours or len(ours) != len(theirs): raise ValueError('rounds without a partner')
    return sorted(a/b for a, b in zip(ours, theirs))[len(ours)//2]

# %% 1, wrong: sorts each side by itself
def our_share(ours, theirs):
    if not ours or len(ours) != len(theirs): raise ValueError('rounds without a partner')
    return median(a/b for a, b in zip(sorted(ours), sorted(theirs)))

# %% 1, wrong: the median of their share, turned over
def our_share(ours, theirs):
    if not ours or len(ours) != len(theirs): raise ValueError('rounds without a partner')
    return 1/median(b/a for a, b in zip(ours, theirs))

# %% 1, wrong: minds lonely rounds of ours only
def our_share(ours, theirs):
    if not ours or len(ours) > len(theirs): raise ValueError('rounds without a partner')
    return median(a/b for a, b in zip(ours, theirs))

# %% 2
def in_turns(sides, rounds, clock):
    for call in sides.values(): call()
    times = {name: [] for name in sides}
    for i in range(rounds):
        for name in list(sides)[::-1 if i % 2 else 1]:
            start = clock(); sides[name]()
            times[name].append(clock() - start)
    return times

# %% 2, wrong: times the first call
def in_turns(sides, rounds, clock):
    times = {name: [] for name in sides}
    for i in range(rounds):
        for name in list(sides)[::-1 if i % 2 else 1]:
            start = clock(); sides[name]()
            times[name].append(clock() - start)
    return times

# %% 2, wrong: one side after the other
def in_turns(sides, rounds, clock):
    times = {name: [] for name in sides}
    for call in sides.values(): call()
    for name, call in sides.items():
        for _ in range(rounds):
            start = clock(); call()
            times[name].append(clock() - start)
    return times

# %% 2, wrong: always in the same order
def in_turns(sides, rounds, clock):
    times = {name: [] for name in sides}
    for call in sides.values(): call()
    for _ in range(rounds):
        for name, call in sides.items():
            start = clock(); call()
            times[name].append(clock() - start)
    return times

# %% 2, wrong: warms up again in every round
def in_turns(sides, rounds, clock):
    times = {name: [] for name in sides}
    for i in range(rounds):
        for name in list(sides)[::-1 if i % 2 else 1]:
            sides[name]()
            start = clock(); sides[name]()
            times[name].append(clock() - start)
    return times

# %% 2, wrong: sorts the sides by name
def in_turns(sides, rounds, clock):
    names = sorted(sides)
    times = {name: [] for name in names}
    for name in names: sides[name]()
    for i in range(rounds):
        for name in names[::-1 if i % 2 else 1]:
            start = clock(); sides[name]()
            times[name].append(clock() - start)
    return times

# %% 2, wrong: each round begins with another side
def in_turns(sides, rounds, clock):
    names, times = list(sides), {name: [] for name in sides}
    for name in names: sides[name]()
    for i in range(rounds):
        for name in names[i % len(names):] + names[:i % len(names)]:
            start = clock(); sides[name]()
            times[name].append(clock() - start)
    return times

# %% 3
def calls_of_a_round(call, least, clock):
    call()
    n = 1
    while True:
        start = clock()
        for _ in range(n): call()
        if clock() - start >= least: return n
        n *= 2
# All tries together make less than 2 n calls. One call more each time would make n^2/2.

# %% 3, wrong: one call is timed, as in the chapter
def calls_of_a_round(call, least, clock):
    call()
    start = clock(); call()
    return max(1, round(least/max(clock() - start, 1e-6)))

# %% 3, wrong: no warm-up
def calls_of_a_round(call, least, clock):
    n = 1
    while True:
        start = clock()
        for _ in range(n): call()
        if clock() - start >= least: return n
        n *= 2

# %% 3, wrong: one call more at a time
def calls_of_a_round(call, least, clock):
    call()
    n = 1
    while True:
        start = clock()
        for _ in range(n): call()
        if clock() - start >= least: return n
        n += 1

# %% 3, wrong: divides as soon as the clock has moved
def calls_of_a_round(call, least, clock):
    call()
    n = 1
    while True:
        start = clock()
        for _ in range(n): call()
        took = clock() - start
        if took > 0: return max(n, int(n*least/took) + 1)
        n *= 2

# %% 3, wrong: doubles once too often
def calls_of_a_round(call, least, clock):
    call()
    n = 1
    while True:
        start = clock()
        for _ in range(n): call()
        n *= 2
        if clock() - start >= least: return n

# %% 4
def interval(ours, theirs, draws=1000, seed=0):
    ratio = torch.tensor(ours, dtype=torch.float64)/torch.tensor(theirs, dtype=torch.float64)
    rows = torch.randint(len(ratio), (draws, len(ratio)), generator=generator('interval', seed))
    medians = ratio[rows].quantile(.5, dim=1)
    return tuple(medians.quantile(torch.tensor([.025, .975], dtype=torch.float64)).tolist())
# In turns the interval should leave out 1 about once in twenty times. One after the other it is wrong whenever the load changes
# between the two halves: an interval knows of chance within the rounds, and nothing of unfair rounds.

# %% 4, wrong: draws the sides apart
def interval(ours, theirs, draws=1000, seed=0):
    g = generator('interval', seed)
    a, b = (torch.tensor(t, dtype=torch.float64) for t in (ours, theirs))
    def drawn(t): return t[torch.randint(len(t), (draws, len(t)), generator=g)]
    medians = (drawn(a)/drawn(b)).quantile(.5, dim=1)
    return tuple(medians.quantile(torch.tensor([.025, .975], dtype=torch.float64)).tolist())

# %% 4, wrong: quantiles of the rounds instead of their median
def interval(ours, theirs, draws=1000, seed=0):
    ratio = torch.tensor(ours, dtype=torch.float64)/torch.tensor(theirs, dtype=torch.float64)
    return tuple(ratio.quantile(torch.tensor([.025, .975], dtype=torch.float64)).tolist())

# %% 4, wrong: draws without replacement
def interval(ours, theirs, draws=1000, seed=0):
    ratio, g = torch.tensor(ours, dtype=torch.float64)/torch.tensor(theirs, dtype=torch.float64), generator('interval', seed)
    medians = torch.stack([ratio[torch.randperm(len(ratio), generator=g)].quantile(.5) for _ in range(draws)])
    return tuple(medians.quantile(torch.tensor([.025, .975], dtype=torch.float64)).tolist())

# %% 4, wrong: a fresh seed each time
def interval(ours, theirs, draws=1000, seed=0):
    ratio = torch.tensor(ours, dtype=torch.float64)/torch.tensor(theirs, dtype=torch.float64)
    medians = ratio[torch.randint(len(ratio), (draws, len(ratio)))].quantile(.5, dim=1)
    return tuple(medians.quantile(torch.tensor([.025, .975], dtype=torch.float64)).tolist())

# %% 4, wrong: one seed for all
def interval(ours, theirs, draws=1000, seed=0):
    ratio = torch.tensor(ours, dtype=torch.float64)/torch.tensor(theirs, dtype=torch.float64)
    medians = ratio[torch.randint(len(ratio), (draws, len(ratio)), generator=generator('interval'))].quantile(.5, dim=1)
    return medians.quantile(.025).item(), medians.quantile(.975).item()

# %% 4, wrong: cuts off a twentieth at either end
def interval(ours, theirs, draws=1000, seed=0):
    ratio = torch.tensor(ours, dtype=torch.float64)/torch.tensor(theirs, dtype=torch.float64)
    medians = ratio[torch.randint(len(ratio), (draws, len(ratio)), generator=generator('interval', seed))].quantile(.5, dim=1)
    return medians.quantile(.05).item(), medians.quantile(.95).item()

# %% 4, wrong: takes the medians for normal
def interval(ours, theirs, draws=1000, seed=0):
    ratio = torch.tensor(ours, dtype=torch.float64)/torch.tensor(theirs, dtype=torch.float64)
    medians = ratio[torch.randint(len(ratio), (draws, len(ratio)), generator=generator('interval', seed))].quantile(.5, dim=1)
    return (medians.mean() - 1.96*medians.std()).item(), (medians.mean() + 1.96*medians.std()).item()

# %% 4, wrong: a thousand draws, whatever was asked for
def interval(ours, theirs, draws=1000, seed=0):
    ratio = torch.tensor(ours, dtype=torch.float64)/torch.tensor(theirs, dtype=torch.float64)
    medians = ratio[torch.randint(len(ratio), (1000, len(ratio)), generator=generator('interval', seed))].quantile(.5, dim=1)
    return medians.quantile(.025).item(), medians.quantile(.975).item()
