"Answers to the exercises of chapter 07, and wrong answers that its tests refuse."

# %% 1
def sequence_bits(logits, tokens):
    logp = logits.log_softmax(-1).gather(2, tokens[..., None])[..., 0] # (b, n)
    return -logp.sum(1)/math.log(2)

def classless_bits(bits):
    nats = -bits*math.log(2) # log-probabilities, (b, classes)
    return (math.log(bits.shape[1]) - nats.logsumexp(1))/math.log(2)
# The sum over classes is at least its largest term, so p(t) is at least that of the best class divided by C. With a prior that
# knows the classes well, no other way to price a sequence without its class can be much cheaper on average: beyond the price
# with the class it pays what the sequence tells about the class, on average at most log2 C bits.

# %% 1, wrong: nats instead of bits
def sequence_bits(logits, tokens):
    return -logits.log_softmax(-1).gather(2, tokens[..., None])[..., 0].sum(1)

def classless_bits(bits):
    return math.log(bits.shape[1]) - (-bits).logsumexp(1)

# %% 1, wrong: the mean over tokens; the mean of the bits over classes
def sequence_bits(logits, tokens):
    return -logits.log_softmax(-1).gather(2, tokens[..., None])[..., 0].mean(1)/math.log(2)

def classless_bits(bits):
    return bits.mean(1)

# %% 1, wrong: takes logits for log-probabilities; adds probabilities that have become 0
def sequence_bits(logits, tokens):
    return -logits.gather(2, tokens[..., None])[..., 0].sum(1)/math.log(2)

def classless_bits(bits):
    return -(2**-bits).mean(1).log2()

# %% 1, wrong: forgets that each class is one of several
def sequence_bits(logits, tokens):
    return -logits.log_softmax(-1).gather(2, tokens[..., None])[..., 0].sum(1)/math.log(2)

def classless_bits(bits):
    return -(-bits*math.log(2)).logsumexp(1)/math.log(2)

# %% 1, wrong: one bit for the class, as if there were always two
def sequence_bits(logits, tokens):
    return -logits.log_softmax(-1).gather(2, tokens[..., None])[..., 0].sum(1)/math.log(2)

def classless_bits(bits):
    return 1 - (-bits*math.log(2)).logsumexp(1)/math.log(2)

# %% 2
def nucleus(p, top_p):
    s, order = p.sort(descending=True, stable=True)
    before = s.cumsum(1) - s # the probability of all likelier codes
    s = s*(before < top_p) # a code stays if those before it do not reach top_p
    return torch.zeros_like(p).scatter(1, order, s/s.sum(1, keepdim=True))
# Sharpening first leaves fewer codes, 19 instead of 29 of the uncertain distribution: the likeliest get more of the probability and
# reach 0.9 sooner. Filtering first keeps the same codes at every temperature.

# %% 2, wrong: drops the code that carries the sum over the limit
def nucleus(p, top_p):
    s, order = p.sort(descending=True, stable=True)
    stay = s.cumsum(1) <= top_p
    stay[:, 0] = True
    s = s*stay
    return torch.zeros_like(p).scatter(1, order, s/s.sum(1, keepdim=True))

# %% 2, wrong: returns the probabilities sorted
def nucleus(p, top_p):
    s = p.sort(descending=True)[0]
    s = s*(s.cumsum(1) - s < top_p)
    return s/s.sum(1, keepdim=True)

# %% 2, wrong: does not renormalise
def nucleus(p, top_p):
    s, order = p.sort(descending=True, stable=True)
    return torch.zeros_like(p).scatter(1, order, s*(s.cumsum(1) - s < top_p))

# %% 2, wrong: keeps one code too many
def nucleus(p, top_p):
    s, order = p.sort(descending=True, stable=True)
    s = s*(s.cumsum(1) - s <= top_p)
    return torch.zeros_like(p).scatter(1, order, s/s.sum(1, keepdim=True))

# %% 2, wrong: takes top_p for a threshold of the single code
def nucleus(p, top_p):
    s = p*(p >= (1 - top_p)*p.amax(1, keepdim=True))
    return s/s.sum(1, keepdim=True)

# %% 2, wrong: calls the filter that is to be written
def nucleus(p, top_p):
    return filter_logits(p.log(), top_p=top_p).softmax(1)

# %% 2, wrong: keeps what is as likely as the last of the set, so equal codes all stay
def nucleus(p, top_p):
    s = p.sort(descending=True)[0]
    n = (s.cumsum(1) - s < top_p).sum(1, keepdim=True) # so many are needed
    s = p*(p >= s.gather(1, n - 1))
    return s/s.sum(1, keepdim=True)

# %% 2, wrong: changes the probabilities that came in
def nucleus(p, top_p):
    s, order = p.sort(descending=True, stable=True)
    p.masked_fill_((s.cumsum(1) - s >= top_p).gather(1, order.argsort(1)), 0)
    return p.div_(p.sum(1, keepdim=True))

# %% 3
def decode(prior, labels, scales):
    b = len(labels)
    decoder, new, tokens = Decoder(prior, torch.cat([labels, prior.no_class(b)])), None, []
    for s in scales:
        c, u = decoder(new).chunk(2)
        tokens.append((u + s*(c - u)).argmax(-1))
        new = tokens[-1].repeat(2)[:, None] # the same token for both halves
    return torch.stack(tokens, 1)
# The scale of the last position can change its own token only. That of the first changes everything that follows, as all later
# tokens have another past: the same reason why guidance of the first tokens costs variety.

# %% 3, wrong: the scale of the position before
def decode(prior, labels, scales):
    b = len(labels)
    decoder, new, tokens = Decoder(prior, torch.cat([labels, prior.no_class(b)])), None, []
    for i in range(len(scales)):
        c, u = decoder(new).chunk(2)
        tokens.append((u + scales[max(i - 1, 0)]*(c - u)).argmax(-1))
        new = tokens[-1].repeat(2)[:, None]
    return torch.stack(tokens, 1)

# %% 3, wrong: reads the whole past at every position
def decode(prior, labels, scales):
    tokens = torch.zeros(len(labels), 0, dtype=torch.int64)
    for s in scales:
        c, u = (Decoder(prior, l)(tokens) for l in (labels, prior.no_class(len(labels))))
        tokens = torch.cat([tokens, (u + s*(c - u)).argmax(-1)[:, None]], 1)
    return tokens

# %% 3, wrong: guides away from the class
def decode(prior, labels, scales):
    b = len(labels)
    decoder, new, tokens = Decoder(prior, torch.cat([labels, prior.no_class(b)])), None, []
    for s in scales:
        u, c = decoder(new).chunk(2)
        tokens.append((u + s*(c - u)).argmax(-1))
        new = tokens[-1].repeat(2)[:, None]
    return torch.stack(tokens, 1)

# %% 3, wrong: the half without class goes on with tokens of its own
def decode(prior, labels, scales):
    with_class, without, tokens = Decoder(prior, labels), Decoder(prior, prior.no_class(len(labels))), []
    a = b = None
    for s in scales:
        c, u = with_class(a), without(b)
        tokens.append((u + s*(c - u)).argmax(-1))
        a, b = tokens[-1][:, None], u.argmax(-1)[:, None]
    return torch.stack(tokens, 1)

# %% 3, wrong: extrapolates probabilities instead of logits
def decode(prior, labels, scales):
    b = len(labels)
    decoder, new, tokens = Decoder(prior, torch.cat([labels, prior.no_class(b)])), None, []
    for s in scales:
        c, u = decoder(new).softmax(-1).chunk(2)
        tokens.append((u + s*(c - u)).argmax(-1))
        new = tokens[-1].repeat(2)[:, None]
    return torch.stack(tokens, 1)

# %% 3, wrong: lets the prior sample
def decode(prior, labels, scales):
    return prior.generate(labels, temperature=0., cfg=scales)

# %% 4
def open_end(tokens): # a 0 in the place of the token to come: `forward` does not read the last one
    return torch.cat([tokens, tokens.new_zeros(len(tokens), 1)], 1)

@torch.no_grad()
def speculate(target, draft, labels, m, seed):
    n, keys, tokens = target.n_tokens, image_keys(len(labels), seed), labels.new_zeros(len(labels), 0)
    while (start := tokens.shape[1]) < n:
        ahead = tokens
        for j in range(start, min(start + m, n - 1)): # the last token needs no draft
            new = choose(draft(open_end(ahead), labels)[:, -1], gumbel_noise(keys, j, draft.vocab_size))
            ahead = torch.cat([ahead, new[:, None]], 1)
        logits = target(open_end(ahead), labels)[:, start:] # one pass: the drafted positions, and one more
        own = torch.stack([choose(l, gumbel_noise(keys, start + i, target.vocab_size)) for i, l in enumerate(logits.unbind(1))], 1)
        stand = (own[:, :-1] == ahead[:, start:]).all(0).long().cumprod(0).sum()
        tokens = torch.cat([tokens, own[:, :stand + 1]], 1)
    return tokens
# With the shipped prior and the small one of 300 steps, drafting 3 tokens a pass, one image takes 12 passes
# on average instead of 16; a batch of 64 takes all 16, since some row nearly always disagrees. The draft is right at 61% of the
# first tokens, 43% of the second, about a fifth from the seventh on: the coarse tokens are easy, fine ones have many good
# choices. And the draft's own passes are not free.

# %% 4, wrong: draws with the noise of the place in the block, not of the position
def open_end(tokens): return torch.cat([tokens, tokens.new_zeros(len(tokens), 1)], 1)

@torch.no_grad()
def speculate(target, draft, labels, m, seed):
    n, keys, tokens = target.n_tokens, image_keys(len(labels), seed), labels.new_zeros(len(labels), 0)
    while (start := tokens.shape[1]) < n:
        ahead = tokens
        for j in range(start, min(start + m, n - 1)):
            new = choose(draft(open_end(ahead), labels)[:, -1], gumbel_noise(keys, j - start, draft.vocab_size))
            ahead = torch.cat([ahead, new[:, None]], 1)
        logits = target(open_end(ahead), labels)[:, start:]
        own = torch.stack([choose(l, gumbel_noise(keys, i, target.vocab_size)) for i, l in enumerate(logits.unbind(1))], 1)
        stand = (own[:, :-1] == ahead[:, start:]).all(0).long().cumprod(0).sum()
        tokens = torch.cat([tokens, own[:, :stand + 1]], 1)
    return tokens

# %% 4, wrong: mends single tokens and keeps what was drafted after them
def open_end(tokens): return torch.cat([tokens, tokens.new_zeros(len(tokens), 1)], 1)

@torch.no_grad()
def speculate(target, draft, labels, m, seed):
    n, keys, tokens = target.n_tokens, image_keys(len(labels), seed), labels.new_zeros(len(labels), 0)
    while (start := tokens.shape[1]) < n:
        ahead = tokens
        for j in range(start, min(start + m, n - 1)):
            new = choose(draft(open_end(ahead), labels)[:, -1], gumbel_noise(keys, j, draft.vocab_size))
            ahead = torch.cat([ahead, new[:, None]], 1)
        logits = target(open_end(ahead), labels)[:, start:]
        own = torch.stack([choose(l, gumbel_noise(keys, start + i, target.vocab_size)) for i, l in enumerate(logits.unbind(1))], 1)
        tokens = torch.cat([tokens, own], 1)
    return tokens

# %% 4, wrong: counts agreements after the first disagreement, too
def open_end(tokens): return torch.cat([tokens, tokens.new_zeros(len(tokens), 1)], 1)

@torch.no_grad()
def speculate(target, draft, labels, m, seed):
    n, keys, tokens = target.n_tokens, image_keys(len(labels), seed), labels.new_zeros(len(labels), 0)
    while (start := tokens.shape[1]) < n:
        ahead = tokens
        for j in range(start, min(start + m, n - 1)):
            new = choose(draft(open_end(ahead), labels)[:, -1], gumbel_noise(keys, j, draft.vocab_size))
            ahead = torch.cat([ahead, new[:, None]], 1)
        logits = target(open_end(ahead), labels)[:, start:]
        own = torch.stack([choose(l, gumbel_noise(keys, start + i, target.vocab_size)) for i, l in enumerate(logits.unbind(1))], 1)
        stand = (own[:, :-1] == ahead[:, start:]).all(0).sum()
        tokens = torch.cat([tokens, own[:, :stand + 1]], 1)
    return tokens

# %% 4, wrong: no token beyond those that were drafted
def open_end(tokens): return torch.cat([tokens, tokens.new_zeros(len(tokens), 1)], 1)

@torch.no_grad()
def speculate(target, draft, labels, m, seed):
    n, keys, tokens = target.n_tokens, image_keys(len(labels), seed), labels.new_zeros(len(labels), 0)
    while (start := tokens.shape[1]) < n:
        ahead = tokens
        for j in range(start, min(start + m, n)):
            new = choose(draft(open_end(ahead), labels)[:, -1], gumbel_noise(keys, j, draft.vocab_size))
            ahead = torch.cat([ahead, new[:, None]], 1)
        logits = target(ahead, labels)[:, start:]
        own = torch.stack([choose(l, gumbel_noise(keys, start + i, target.vocab_size)) for i, l in enumerate(logits.unbind(1))], 1)
        stand = (own == ahead[:, start:]).all(0).long().cumprod(0).sum()
        tokens = torch.cat([tokens, own[:, :stand + 1]], 1)
    return tokens

# %% 4, wrong: the target draws without the draft
def speculate(target, draft, labels, m, seed):
    return target.generate(labels, seed=seed)

# %% 4, wrong: the draft takes its likeliest codes, without noise
def open_end(tokens):
    return torch.cat([tokens, tokens.new_zeros(len(tokens), 1)], 1)

@torch.no_grad()
def speculate(target, draft, labels, m, seed):
    n, keys, tokens = target.n_tokens, image_keys(len(labels), seed), labels.new_zeros(len(labels), 0)
    while (start := tokens.shape[1]) < n:
        ahead = tokens
        for j in range(start, min(start + m, n - 1)): # the last token needs no draft
            new = draft(open_end(ahead), labels)[:, -1].argmax(-1)
            ahead = torch.cat([ahead, new[:, None]], 1)
        logits = target(open_end(ahead), labels)[:, start:] # one pass: the drafted positions, and one more
        own = torch.stack([choose(l, gumbel_noise(keys, start + i, target.vocab_size)) for i, l in enumerate(logits.unbind(1))], 1)
        stand = (own[:, :-1] == ahead[:, start:]).all(0).long().cumprod(0).sum()
        tokens = torch.cat([tokens, own[:, :stand + 1]], 1)
    return tokens

# %% 4, wrong: the draft draws with the noise of another position
def open_end(tokens):
    return torch.cat([tokens, tokens.new_zeros(len(tokens), 1)], 1)

@torch.no_grad()
def speculate(target, draft, labels, m, seed):
    n, keys, tokens = target.n_tokens, image_keys(len(labels), seed), labels.new_zeros(len(labels), 0)
    while (start := tokens.shape[1]) < n:
        ahead = tokens
        for j in range(start, min(start + m, n - 1)): # the last token needs no draft
            new = choose(draft(open_end(ahead), labels)[:, -1], gumbel_noise(keys, j + 1, draft.vocab_size))
            ahead = torch.cat([ahead, new[:, None]], 1)
        logits = target(open_end(ahead), labels)[:, start:] # one pass: the drafted positions, and one more
        own = torch.stack([choose(l, gumbel_noise(keys, start + i, target.vocab_size)) for i, l in enumerate(logits.unbind(1))], 1)
        stand = (own[:, :-1] == ahead[:, start:]).all(0).long().cumprod(0).sum()
        tokens = torch.cat([tokens, own[:, :stand + 1]], 1)
    return tokens

# %% 4, wrong: the draft is not told the class
def open_end(tokens):
    return torch.cat([tokens, tokens.new_zeros(len(tokens), 1)], 1)

@torch.no_grad()
def speculate(target, draft, labels, m, seed):
    n, keys, tokens = target.n_tokens, image_keys(len(labels), seed), labels.new_zeros(len(labels), 0)
    while (start := tokens.shape[1]) < n:
        ahead = tokens
        for j in range(start, min(start + m, n - 1)): # the last token needs no draft
            new = choose(draft(open_end(ahead))[:, -1], gumbel_noise(keys, j, draft.vocab_size))
            ahead = torch.cat([ahead, new[:, None]], 1)
        logits = target(open_end(ahead), labels)[:, start:] # one pass: the drafted positions, and one more
        own = torch.stack([choose(l, gumbel_noise(keys, start + i, target.vocab_size)) for i, l in enumerate(logits.unbind(1))], 1)
        stand = (own[:, :-1] == ahead[:, start:]).all(0).long().cumprod(0).sum()
        tokens = torch.cat([tokens, own[:, :stand + 1]], 1)
    return tokens
