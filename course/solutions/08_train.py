"Answers to the exercises of chapter 08, and wrong answers that its tests refuse."

# %% 1
def backward_in_parts(model, images, labels, parts):
    total = 0.
    for x, y in zip(images.chunk(parts), labels.chunk(parts)):
        loss = F.cross_entropy(model(x), y)*(len(x)/len(images)) # its share of the mean over all
        loss.backward()
        total = total + loss.detach()
    return total
# A mean of means would count each of the last ten images one and a half times. Sums of floating-point numbers depend on their
# order, so the last bits differ, and training makes more of it. With dropout the masks decide: one generator that runs on from
# part to part may deal the same masks as for the whole (here, on a CPU, it does), one for each part, as the Trainer has, deals others.

# %% 1, wrong: the mean of means
def backward_in_parts(model, images, labels, parts):
    total = 0.
    for x, y in zip(images.chunk(parts), labels.chunk(parts)):
        loss = F.cross_entropy(model(x), y)/parts
        loss.backward()
        total += loss.item()
    return total

# %% 1, wrong: the sum of means
def backward_in_parts(model, images, labels, parts):
    total = 0.
    for x, y in zip(images.chunk(parts), labels.chunk(parts)):
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        total += loss.item()*len(x)/len(images)
    return total

# %% 1, wrong: clears the gradients with every part
def backward_in_parts(model, images, labels, parts):
    total = 0.
    for x, y in zip(images.chunk(parts), labels.chunk(parts)):
        model.zero_grad()
        loss = F.cross_entropy(model(x), y)*len(x)/len(images)
        loss.backward()
        total += loss.item()
    return total

# %% 1, wrong: adds the losses and goes back once
def backward_in_parts(model, images, labels, parts):
    loss = sum(F.cross_entropy(model(x), y)*len(x)/len(images) for x, y in zip(images.chunk(parts), labels.chunk(parts)))
    loss.backward()
    return loss.item()

# %% 1, wrong: parts of its own making, one image each
def backward_in_parts(model, images, labels, parts):
    total = 0.
    for x, y in zip(images.chunk(len(images)), labels.chunk(len(images))):
        loss = F.cross_entropy(model(x), y)/len(images)
        loss.backward()
        total += loss.item()
    return total

# %% 1, wrong: divides by a hundred
def backward_in_parts(model, images, labels, parts):
    total = 0.
    for x, y in zip(images.chunk(parts), labels.chunk(parts)):
        loss = F.cross_entropy(model(x), y, reduction='sum')/100
        loss.backward()
        total += loss.item()
    return total

# %% 2
def wsd(step, config, cooldown):
    c, left = config, config.steps - 1 - step # steps after this one
    if step < c.warmup: return c.lr*(step + 1)/c.warmup
    if left >= cooldown: return c.lr
    return c.lr*(c.final_lr + (1 - c.final_lr)*left/cooldown)
# 300 steps, three seeds, loss on valid: at the rate 0.003 constant 0.442, its average (decay 0.95) 0.398, a cool-down of 100
# steps 0.403. At 0.01 they are 0.498, 0.425 and 0.410. So the average gives five sixths of the benefit or more, for no decision.

# %% 2, wrong: reaches the floor one step after the end
def wsd(step, config, cooldown):
    c, start = config, config.steps - cooldown
    if step < c.warmup: return c.lr*(step + 1)/c.warmup
    if step < start: return c.lr
    return c.lr*(1 - (1 - c.final_lr)*(step - start)/cooldown)

# %% 2, wrong: falls to zero
def wsd(step, config, cooldown):
    c, left = config, config.steps - 1 - step
    if step < c.warmup: return c.lr*(step + 1)/c.warmup
    return c.lr*min(1., left/cooldown) if cooldown else c.lr

# %% 2, wrong: a cosine over everything after the warm-up
def wsd(step, config, cooldown):
    return lr_at(step, config)

# %% 2, wrong: falls along half a cosine
def wsd(step, config, cooldown):
    c, left = config, config.steps - 1 - step
    if step < c.warmup: return c.lr*(step + 1)/c.warmup
    if left >= cooldown: return c.lr
    return lr_at(cooldown - left, TrainConfig(steps=cooldown, warmup=0, lr=c.lr, final_lr=c.final_lr))

# %% 2, wrong: no step without a warm-up
def wsd(step, config, cooldown):
    c, left = config, config.steps - 1 - step
    up, down = min(1., (step + 1)/c.warmup), min(1., left/cooldown) if cooldown else 1.
    return c.lr*up*(c.final_lr + (1 - c.final_lr)*down)

# %% 2, wrong: knows one floor only
def wsd(step, config, cooldown):
    c, left = config, config.steps - 1 - step
    if step < c.warmup: return c.lr*(step + 1)/c.warmup
    return c.lr*(.1 + .9*min(1., left/cooldown)) if cooldown else c.lr

# %% 3
def take_step(model, optimizer, images, labels, seed, step, b=32):
    with keep_random_state():
        set_seed(mix_seed('take_step', seed, step)) # for the rows, the dropout, and whatever else draws
        rows = torch.randperm(len(images))[:b]
        optimizer.zero_grad()
        F.cross_entropy(model(images[rows]), labels[rows]).backward()
        optimizer.step()
# Whatever draws belongs under the rule; workers do, if each draws by the step and not by its own number. It costs a seeding for
# every step, and a permutation for the whole set where an epoch shall see each row once: `StepSampler` keeps that of its epoch.

# %% 3, wrong: names the rows, but not the dropout
def take_step(model, optimizer, images, labels, seed, step, b=32):
    rows = torch.randperm(len(images), generator=generator('rows', seed, step))[:b]
    optimizer.zero_grad()
    F.cross_entropy(model(images[rows]), labels[rows]).backward()
    optimizer.step()

# %% 3, wrong: the same random numbers in every step
def take_step(model, optimizer, images, labels, seed, step, b=32):
    with keep_random_state():
        set_seed(seed)
        rows = torch.randperm(len(images))[:b]
        optimizer.zero_grad()
        F.cross_entropy(model(images[rows]), labels[rows]).backward()
        optimizer.step()

# %% 3, wrong: leaves the global generator seeded
def take_step(model, optimizer, images, labels, seed, step, b=32):
    torch.manual_seed(mix_seed(seed, step))
    rows = torch.randperm(len(images))[:b]
    optimizer.zero_grad()
    F.cross_entropy(model(images[rows]), labels[rows]).backward()
    optimizer.step()

# %% 3, wrong: turns dropout off to be repeatable
def take_step(model, optimizer, images, labels, seed, step, b=32):
    rows = torch.randperm(len(images), generator=generator('rows', seed, step))[:b]
    model.eval()
    optimizer.zero_grad()
    F.cross_entropy(model(images[rows]), labels[rows]).backward()
    optimizer.step()
    model.train()

# %% 3, wrong: adds seed and step
def take_step(model, optimizer, images, labels, seed, step, b=32):
    with keep_random_state():
        set_seed(seed + step)
        rows = torch.randperm(len(images))[:b]
        optimizer.zero_grad()
        F.cross_entropy(model(images[rows]), labels[rows]).backward()
        optimizer.step()

# %% 3, wrong: other rows in every step, but the same dropout
def take_step(model, optimizer, images, labels, seed, step, b=32):
    rows = torch.randperm(len(images), generator=generator('rows', seed, step))[:b]
    with keep_random_state():
        set_seed(mix_seed('dropout', seed))
        optimizer.zero_grad()
        F.cross_entropy(model(images[rows]), labels[rows]).backward()
        optimizer.step()

# %% 3, wrong: adds to the gradients of the step before
def take_step(model, optimizer, images, labels, seed, step, b=32):
    with keep_random_state():
        set_seed(mix_seed('take_step', seed, step))
        rows = torch.randperm(len(images))[:b]
        F.cross_entropy(model(images[rows]), labels[rows]).backward()
        optimizer.step()

# %% 3, wrong: always 32 rows
def take_step(model, optimizer, images, labels, seed, step, b=32):
    with keep_random_state():
        set_seed(mix_seed('take_step', seed, step))
        rows = torch.randperm(len(images))[:32]
        optimizer.zero_grad()
        F.cross_entropy(model(images[rows]), labels[rows]).backward()
        optimizer.step()

# %% 3, wrong: the labels of other rows
def take_step(model, optimizer, images, labels, seed, step, b=32):
    with keep_random_state():
        set_seed(mix_seed('take_step', seed, step))
        rows = torch.randperm(len(images))[:b]
        optimizer.zero_grad()
        F.cross_entropy(model(images[rows]), labels[:b]).backward()
        optimizer.step()

# %% 4
import fcntl

@contextmanager
def claim(folder):
    with open(Path(folder)/'lock', 'a') as file:
        try: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError: raise RuntimeError(f'another process trains in {folder}') from None
        yield
# The system gives the lock to one process and takes it back when that one ends, however it ends; the file itself stays and
# says nothing. So there is no moment between looking and writing. It holds between machines only where the file system of both
# passes locks on. A file with the number of its owner needs O_EXCL against the race, and a number says nothing on another
# machine, or after the system has given it to somebody else.

# %% 4, wrong: a file that whoever is killed leaves behind
@contextmanager
def claim(folder):
    path = Path(folder)/'lock'
    try: os.close(os.open(path, os.O_CREAT | os.O_EXCL))
    except FileExistsError: raise RuntimeError(f'another process trains in {folder}') from None
    try: yield
    finally: path.unlink()

# %% 4, wrong: takes over what looks old
import time

@contextmanager
def claim(folder):
    path = Path(folder)/'lock'
    if path.exists() and time.time() - path.stat().st_mtime < 3600: raise RuntimeError(f'another process trains in {folder}')
    path.touch()
    try: yield
    finally: path.unlink()

# %% 4, wrong: remembers it in this process only
_claimed = set()

@contextmanager
def claim(folder):
    if str(folder) in _claimed: raise RuntimeError(f'another process trains in {folder}')
    _claimed.add(str(folder))
    try: yield
    finally: _claimed.remove(str(folder))

# %% 4, wrong: an error in the block leaves it locked
@contextmanager
def claim(folder):
    path = Path(folder)/'lock'
    owner = int(path.read_text()) if path.exists() else None
    if owner is not None:
        try: os.kill(owner, 0) # is it alive?
        except ProcessLookupError: pass
        else: raise RuntimeError(f'process {owner} trains in {folder}')
    path.write_text(str(os.getpid()))
    yield
    path.unlink()

# %% 4, wrong: takes errors of the block for its own
import fcntl

@contextmanager
def claim(folder):
    try:
        with open(Path(folder)/'lock', 'a') as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
    except OSError: raise RuntimeError(f'another process trains in {folder}') from None
