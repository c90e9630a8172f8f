"Write README.md from nbs/index.ipynb: its Markdown, its visible code and printed outputs as fenced blocks, pictures by their path from the top level."
import json, re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

def printed(cell):
    "What a code cell printed."
    return ''.join(''.join(o['text']) for o in cell['outputs'] if o['output_type'] == 'stream' and o['name'] == 'stdout').strip()

def readme():
    "The text of README.md."
    parts = ['<!-- made by tools/make_readme.py from nbs/index.ipynb: edit that -->']
    for cell in json.loads((ROOT/'nbs/index.ipynb').read_text(encoding='utf-8'))['cells']:
        text = ''.join(cell['source']).strip()
        if cell['cell_type'] == 'markdown': parts.append(re.sub(r'\]\((?!https?:|#)([^)]+)\)', r'](nbs/\1)', text))
        elif not text.startswith('#| hide'):
            if not text.startswith('#| echo: false'): parts.append(f'```python\n{text}\n```')
            if printed(cell): parts.append(f'```text\n{printed(cell)}\n```')
    return '\n\n'.join(parts) + '\n'

if __name__ == '__main__': (ROOT/'README.md').write_text(readme(), encoding='utf-8')
