"""Twenty mistakes for every command, each in a process and a folder of its own: is there one clear error, the documented exit code, no traceback and no file?

    python tools/bad_inputs.py                    all commands, about ten minutes on two cores
    python tools/bad_inputs.py generate upscale   some of them
    python tools/bad_inputs.py --out FILE         write the outcomes as JSON, too
"""
import argparse, json, os, shutil, struct, subprocess, sys, tempfile, zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch
from PIL import Image
from tqdm import tqdm

from spectral_ar.core import read_json, write_json
from spectral_ar.data import toy_data, write_images
from spectral_ar.generate import SpectralAR
from spectral_ar.prior import SpectralGPT
from spectral_ar.tokenizer import NestedTokenizer

def make_world(folder):
    "Good and bad files to make mistakes with."
    os.chdir(folder)
    write_images('good', toy_data(40))
    write_images('few', toy_data(4))
    write_images('small', toy_data(3, size=12).images)
    write_images('large', toy_data(12, size=40).images)
    for name in ('cut', 'text', 'empty file', 'animated', 'huge', 'deep', 'mixed', 'sizes', 'gif'): write_images(name, toy_data(12).images)
    raw = Path('cut/000003.png').read_bytes()
    Path('cut/000003.png').write_bytes(raw[:len(raw)//2])
    Path('text/000003.png').write_text('not a picture')
    Path('empty file/000003.png').write_bytes(b'')
    frames = [Image.new('RGB', (32, 32), c) for c in ('red', 'blue')]
    frames[0].save('animated/000003.webp', save_all=True, append_images=frames[1:])
    frames[0].save('gif/000003.gif'); os.replace('gif/000003.gif', 'gif/000003.png')
    header = b'IHDR' + struct.pack('>IIBBBBB', 60_000, 60_000, 8, 2, 0, 0, 0)
    Path('huge/000003.png').write_bytes(b'\x89PNG\r\n\x1a\n' + struct.pack('>I', 13) + header + struct.pack('>I', zlib.crc32(header)))
    Image.new('I;16', (32, 32)).save('deep/000003.png')
    Path('mixed/more').mkdir(); shutil.copy('good/disc/000000.png', 'mixed/more')
    Image.new('RGB', (20, 32)).save('sizes/000003.png')
    Path('nothing').mkdir(); Path('notes.txt').write_text('hello'); Path('with space').mkdir()
    torch.manual_seed(0)
    pipe = SpectralAR(NestedTokenizer.from_preset('tiny', channels=3), SpectralGPT.from_preset('tiny', n_classes=4), ('disc', 'square', 'stripes', 'triangle'))
    other = SpectralAR(NestedTokenizer.from_preset('tiny', channels=3), SpectralGPT.from_preset('tiny', n_classes=4))
    for name in ('model', 'damaged', 'newer', 'no weights', 'pickled', 'strange', 'swapped'): pipe.save_pretrained(name)
    raw = Path('damaged/prior.safetensors').read_bytes()
    Path('damaged/prior.safetensors').write_bytes(raw[:1000] + b'!' + raw[1001:])
    write_json('newer/config.json', read_json('newer/config.json') | dict(format=99))
    os.remove('no weights/prior.safetensors')
    os.remove('pickled/prior.safetensors'); torch.save(pipe.prior.state_dict(), 'pickled/prior.bin')
    Path('strange/tokenizer.json').write_text('{"config"')
    Path('broken.json').write_text('{"about"'); Path('list.json').write_text('[1, 2]')
    write_json('wide.json', dict(about='', tokenizer=dict(preset='tiny', d_model=-1), tokenizer_run={}, prior=dict(preset='tiny'), prior_run={}))
    other.save_pretrained('other')
    for f in ('tokenizer.json', 'tokenizer.safetensors'): shutil.copy(f'other/{f}', f'swapped/{f}')
    other.save_tokens('foreign.safetensors', torch.zeros(3, 8, dtype=torch.int64))
    pipe.save_tokens('tokens.safetensors', torch.zeros(3, 8, dtype=torch.int64))
    pipe.save_tokens('names.safetensors', torch.zeros(1, 8, dtype=torch.int64), names=['../../gone.png'])
    pipe.save_tokens('two names.safetensors', torch.zeros(1, 8, dtype=torch.int64), names=['a', 'b'])
    raw = Path('tokens.safetensors').read_bytes()
    Path('cut.safetensors').write_bytes(raw[:-9]); Path('flipped.safetensors').write_bytes(raw[:-9] + bytes([raw[-9] ^ 1]) + raw[-8:])

MODELS = ['--model nowhere', '--model ada/nothing', '--model damaged', '--model newer', '--model=no_weights', '--model pickled', '--model strange', '--model swapped', '--model notes.txt', '--model nothing']
FOLDERS = ['nowhere', 'nothing', 'notes.txt', 'cut', 'text', 'empty_file', 'animated', 'huge', 'deep', 'mixed', 'gif']
RUNS = ['--preset huge', '--steps 0', '--steps many', '--lr -1', '--batch_size 0', '--device tpu', '--source mnist', '--folder notes.txt', '--no_such_option']
TINY = '--preset tiny --device cpu --steps 1 --batch_size 8 '
CASES = { # command -> what it is told; '_' in a path stands for a space
    'train': [*(TINY + f'--data {f}' for f in FOLDERS[:9]), TINY + '--data few', TINY + '--data good --size 33', TINY + '--data good --channels 2', TINY + '--data good --size 0', TINY + '--prior_steps 0 --data good', TINY + '--source folder', '--preset broken.json', *RUNS[1:2], *RUNS[5:7], RUNS[8]],
    'train_tokenizer': [*(TINY + f'--data {f}' for f in FOLDERS[:8]), TINY + '--data good --shift -1', TINY + '--data good --perceptual -1', TINY + '--data good --precision int4', *RUNS],
    'train_prior': [*(f'--tokenizer model --preset tiny --steps 1 --device cpu --data {f}' for f in FOLDERS), '--tokenizer nowhere', '--tokenizer strange', '--tokenizer notes.txt', '--tokenizer model --preset tiny --data good --folder notes.txt', *(f'--tokenizer model {r}' for r in (RUNS[0], RUNS[1], RUNS[3], RUNS[5], RUNS[8]))],
    'train_classifiers': ['--source folder', '--source mnist', '--data nowhere', '--data nothing', '--data notes.txt', '--data good', '--steps 0', '--steps -1', '--steps many', '--batch_size 0', '--batch_size many', '--seed -1', '--seed x', '--source subset --folder notes.txt --steps 1',
                          '--source subset --data good', '--source subset --batch_size 100000', '--no_such_option', 'extra', '--folder', '--steps 1.5'],
    'generate': [*MODELS, '--model model --labels hat', '--model model --labels 9', '--model model --k 9', '--model model --n 0', '--model model --top_p 2', '--model model --cfg -1', '--model model --out x.exe', '--model model --out notes.txt/x.png', '--model model --device tpu', '--n many'],
    'tokenize': [*(f'{f} --model model' for f in FOLDERS), *(f'good {m}' for m in MODELS[:6]), 'good --model model --out x.png', 'good --model model --out notes.txt/x.safetensors', ''],
    'detokenize': ['nowhere --model model', 'notes.txt --model model', 'nothing --model model', 'foreign.safetensors --model model', 'names.safetensors --model model', 'two_names.safetensors --model model', 'cut.safetensors --model model', 'flipped.safetensors --model model', 'model/prior.safetensors --model model',
                   'tokens.safetensors', 'tokens.safetensors --model model --k 9', 'tokens.safetensors --model model --k 0', 'tokens.safetensors --model model --format gif', 'tokens.safetensors --model model --out x.png', 'tokens.safetensors --model model --out notes.txt', '', *(f'tokens.safetensors {m}' for m in MODELS[:4])],
    'upscale': [*(f'{f} --model model' for f in FOLDERS[:9]), 'large --model model', 'small --model model --small 32', 'small --model model --small 0', 'small --model model --out x.png', 'small --model model --label hat', 'small --model model --label disc,square', 'small --model model --rounds 0', 'small --model model --out small --overwrite',
                'small --model nowhere', 'small --model model --out good', 'small --model swapped'],
    'evaluate': [*(f'{m} --data good' for m in MODELS[:8]), *(f'--model model --data {f}' for f in ('nowhere', 'nothing', 'cut', 'few', 'large')), '--model model --data good --ks 9', '--model model --data good --ks x', '--model model --data good --n_samples 0', '--model model --source subset', '--keep --data good', '--model model --data good --out notes.txt/x.json', '--cfg x'],
    'score': [*(f'{f} good/disc' for f in FOLDERS if f != 'mixed'), 'good/disc sizes', 'small large', 'large small', 'large large', 'large large --extractor vgg', 'large large --extractor inception --weights nowhere', 'large large --out notes.txt/x.json', 'large', '', 'large large --device tpu'],
    'ablate': ['', 'everything', 'quantizers --part 2', 'quantizers --parts 0', 'quantizers --part 0', 'quantizers --source mnist', 'quantizers --data nowhere', 'quantizers --data nothing', 'quantizers --seeds 0', 'quantizers --seeds x', 'tokenizer --part 3 --parts 2', 'prior --part 2', 'sampling --data notes.txt', 'quantizers --source folder',
               'quantizers --folder notes.txt', 'quantizers --out nothing', 'quantizers --out notes.txt/x.json', 'quantizers --no_such_option', 'quantizers --source subset --data good', 'prior extra'],
    'compare': ['--arms cubist', '--arms DCT,cubist', '--part 2', '--part 0', '--parts 0', '--parts x', '--source mnist', '--source folder', '--data nowhere', '--data nothing', '--data notes.txt', '--data good', '--folder notes.txt', '--out nothing', '--out notes.txt/x.json', '--arms=', '--part 3 --parts 2', '--no_such_option', 'extra', '--source subset --data good'],
    'uses': [*MODELS, '--source mnist', '--source folder', '--data nowhere', '--data nothing', '--source subset --n 3', '--source subset --seeds 0', '--source subset --n x', '--out nothing', '--out notes.txt/x.json', 'extra'],
    'plan': ['--preset huge', '--preset nowhere.json', '--preset broken.json', '--preset model/config.json', '--preset list.json', '--preset wide.json', '--preset notes.txt', '--images 0', '--images many', '--classes 0', '--size 0', '--size 100', '--channels 0', '--gpus 0', '--gpus 7',
             '--utilisation 0', '--utilisation 1.5', '--launch_ms -1', '--steps 0', 'extra'],
    'bench': ['', 'everything', 'dct --rounds 0', 'dct --rounds x', 'dct --device tpu', 'dct --out nothing', 'dct --out notes.txt/x.json', 'vq --rounds 0', 'gpt --rounds -1', 'sampling --rounds 0', 'import --rounds 0', 'costs --device tpu', 'nested --device tpu', 'train --device tpu', 'dct --no_such_option', 'dct extra', 'vq --out nothing',
              'gpt --out notes.txt/x.json', 'train --rounds x', 'nothing --rounds 3']}

def files(folder): return {p.relative_to(folder): p.stat().st_mtime_ns for p in Path(folder).rglob('*') if p.is_file()}

def attempt(world, command, told):
    "Run one case in a copy of the world; what is wrong with the outcome, or nothing."
    with tempfile.TemporaryDirectory() as d:
        here = shutil.copytree(world, Path(d)/'world')
        for old in ('empty file', 'no weights', 'two names.safetensors'): os.symlink(here/old, here/old.replace(' ', '_'))
        before, env = files(here), dict(os.environ, SPECTRAL_AR_PROGRESS='0', OMP_NUM_THREADS='1', XDG_CACHE_HOME=d, HF_HOME=d)
        r = subprocess.run([Path(sys.executable).parent/f'spectral_ar_{command}', *told.split()], cwd=here, env=env, capture_output=True, text=True, timeout=300)
        last, wrong = (r.stderr.strip().splitlines() or [''])[-1], []
        if r.returncode not in (1, 2): wrong.append(f'exit code {r.returncode}')
        if 'error:' not in last: wrong.append('no error in the last line')
        if 'Traceback' in r.stderr: wrong.append('a traceback')
        if files(here) != before: wrong.append(f'files {sorted(str(p) for p in files(here).keys() ^ before.keys())}')
        return dict(command=command, told=told, code=r.returncode, said=last.replace(str(here), '.'), wrong=wrong)

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('commands', nargs='*', help='some commands (default: all)')
    parser.add_argument('--out', help='JSON file to write')
    parser.add_argument('--jobs', type=int, default=2, help='cases at once (default 2)')
    args, start = parser.parse_args(), os.getcwd()
    cases = [(c, told) for c in args.commands or CASES for told in CASES[c]]
    assert all(len(set(c)) == 20 for c in CASES.values()), {k: len(set(c)) for k, c in CASES.items()}
    with tempfile.TemporaryDirectory() as world:
        make_world(world); os.chdir(start)
        with ThreadPoolExecutor(args.jobs) as pool: done = list(tqdm(pool.map(lambda c: attempt(world, *c), cases), total=len(cases)))
    for r in done:
        if r['wrong']: print(f"{r['command']} {r['told']}: {', '.join(r['wrong'])}\n    {r['said']}")
    bad = sum(bool(r['wrong']) for r in done)
    print(f"{len(done)} cases, {bad} wrong; exit code 1 in {sum(r['code'] == 1 for r in done)}, 2 in {sum(r['code'] == 2 for r in done)}")
    if args.out: write_json(args.out, done)
    sys.exit(bool(bad))

if __name__ == '__main__': main()
