"""Write the model card of shipped weights from the JSON files beside them.

    python tools/model_card.py spectral_ar/weights/fashion32 "2 cores of an Intel Xeon, no GPU"
"""
import json, sys
from pathlib import Path

from spectral_ar.evaluate import format_result

def card(folder, machine):
    "The card as Markdown: how the pair was made, and every measured number."
    tok, prior, m = (json.loads((folder/f'{n}.json').read_text()) for n in ('tokenizer', 'prior', 'metrics'))
    def run(name, f):
        t = f['train']
        return (f"| {name} | `{f['command']}` | {t['steps']:,} x {t['batch_size']} | {t['lr']} | {t['seed']} | {f['seconds']/60:.0f} min | "
                f"{f['threads']} | {f['torch']} | `{f['weights_sha256'][:16]}` |")
    def judge(path):
        f = json.loads(path.read_text())
        return f"| {path.stem} | {f['config']['widths']} | {f['config']['kernel']} | {f['train']['seed']} | {f['last']['valid_accuracy']:.4f} | `{f['weights_sha256'][:16]}` |"
    classifiers = '\n'.join(judge(p) for p in sorted((folder.parent/'classifiers').glob('*.json')))
    return f"""# {folder.name}

A nested spectral tokenizer and a class-conditional prior for 32 x 32 garments (Fashion-MNIST, padded by two pixels), trained on 55,000 of its 60,000 training
images; choices were made on the other 5,000, none on the test images. The pair belongs together: `prior.json` names the hash of the tokenizer.

## How it was made

On {machine}. The weights are the exponential average of the run. `tokenizer.csv` and `prior.csv` are the logs of the two runs.

| model | command | steps x batch | peak lr | seed | training time | threads | torch | weights, SHA-256 |
|---|---|---|---|---|---|---|---|---|
{run('tokenizer', tok)}
{run('prior', prior)}

Configuration of the tokenizer: `{json.dumps(tok['config'])}`

Configuration of the prior: `{json.dumps(prior['config'])}`

## Measured by

Three classifiers, one job each (`spectral_ar_train_classifiers`): the scorer makes `fid_cnn`, the judge sees class agreement, the critic served the tokenizer's perceptual loss and measures nothing.

| classifier | widths | kernel | seed | accuracy on valid | weights, SHA-256 |
|---|---|---|---|---|---|
{classifiers}

## What it does

Printed by `spectral_ar_evaluate`. `fid_cnn` is a Frechet distance in features of this project's own small classifier: it is not FID and cannot be compared with published values.
`metrics.json` holds the same numbers with the command, seed, versions and hashes that made them.

```text
{format_result(m)}
```

## Limits

Small grey garments, ten classes, squared error with a small perceptual part: fine texture is smoothed away. Not a model for anything but learning and teaching. Data and weights: Fashion-MNIST is
MIT-licensed (Zalando SE); these weights are Apache-2.0 like the code.
"""

if __name__ == '__main__':
    folder = Path(sys.argv[1])
    (folder/'README.md').write_text(card(folder, sys.argv[2]), encoding='utf-8')
