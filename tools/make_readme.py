"Write README.md from nbs/index.ipynb: its Markdown, its code cells as fenced blocks, pictures by their path from the top level."
import json, re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

def readme():
    "The text of README.md."
    parts = []
    for cell in json.loads((ROOT/'nbs/index.ipynb').read_text(encoding='utf-8'))['cells']:
        text = ''.join(cell['source']).strip()
        if cell['cell_type'] == 'markdown': parts.append(re.sub(r'\]\((?!https?:|#)([^)]+)\)', r'](nbs/\1)', text))
        elif not text.startswith('#| hide'): parts.append(f'```python\n{text}\n```')
    return '\n\n'.join(['<!-- made by tools/make_readme.py from nbs/index.ipynb: edit that -->', *parts]) + '\n'

if __name__ == '__main__': (ROOT/'README.md').write_text(readme(), encoding='utf-8')
