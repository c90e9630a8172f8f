"""Kill a small training run at random moments, start it again each time, and compare its weights with those of a run left alone.

    python tools/kill_test.py                  50 kills, about three minutes
    python tools/kill_test.py --kills 5 --seed 1

The run is a tiny tokenizer on the packaged images, with a checkpoint every two steps, so that many kills hit a save.
"""
import argparse, os, random, subprocess, sys, tempfile, time
from pathlib import Path

import torch

from spectral_ar.core import progress
from spectral_ar.train import checkpoints, read_checkpoint

RUN = """
import sys, torch
torch.set_num_threads(1)
from spectral_ar.data import load_data
from spectral_ar.tokenizer import NestedTokenizer
from spectral_ar.train import Callback, TrainConfig, fit_tokenizer
class Ready(Callback):
    def before_fit(self, trainer): print(trainer.step, flush=True)
torch.manual_seed(0)
tok = NestedTokenizer.from_preset('tiny', quantizer='vq', quantizer_options=dict(vocab_size=64, dim=8))
fit_tokenizer(tok, load_data('train', 'subset'), TrainConfig(steps=int(sys.argv[2]), batch_size=8, lr=3e-3, warmup=20, save_every=2, log_every=2, ema=.9), sys.argv[1], callbacks=[Ready()])
"""

def start(folder, steps):
    "The run as a process of its own."
    env = dict(os.environ, SPECTRAL_AR_PROGRESS='0', PYTHONWARNINGS='ignore')
    return subprocess.Popen([sys.executable, '-c', RUN, str(folder), str(steps)], stdout=subprocess.PIPE, text=True, env=env)

def weights(folder):
    "Step, and every tensor of the newest checkpoint: weights, averages, optimiser."
    facts, groups = read_checkpoint(checkpoints(folder)[0])
    return facts['step'], {f'{g}/{n}': t for g, tensors in groups.items() for n, t in tensors.items()}

def kill_test(folder, kills, steps, seed, longest):
    "Kill and resume; returns for each kill the step it went on from, and how many half-written checkpoints were found."
    rng, resumed, torn = random.Random(seed), [], set()
    for _ in progress(range(kills), 'kills'):
        p = start(folder/'killed', steps)
        line = p.stdout.readline()
        time.sleep(rng.uniform(0, longest))
        p.kill(); p.communicate()
        if line.strip(): resumed.append(int(line))
        torn |= set((folder/'killed').glob('.step-*'))
    if resumed and resumed[-1] >= steps: raise SystemExit(f'the run ended before the last kill; allowed: more than {steps} steps')
    for name in ('killed', 'alone'):
        p = start(folder/name, steps); p.communicate()
        if p.returncode: raise SystemExit(f'the {name} run failed')
    return resumed, len(torn)

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--kills', type=int, default=50)
    parser.add_argument('--steps', type=int, default=1500)
    parser.add_argument('--seed', type=int, default=0, help='of the moments')
    parser.add_argument('--longest', type=float, default=1., help='seconds that a run lives at most')
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as d:
        resumed, torn = kill_test(Path(d), args.kills, args.steps, args.seed, args.longest)
        (a, killed), (b, alone) = weights(Path(d)/'killed'), weights(Path(d)/'alone')
    different = [n for n in alone if not torch.equal(alone[n], killed[n])]
    print(f'{args.kills} kills, resumed from steps {resumed}; {torn} of them in the middle of a save')
    print(f'{len(alone)} tensors after step {b}, {len(different)} differ from those of the run left alone')
    sys.exit(bool(different) or a != b)

if __name__ == '__main__': main()
