"""Make every link to a function or method of this library arrive, in a rendered site.

    python tools/mend_links.py FOLDER     (Quarto runs it after rendering, and names the folder in QUARTO_PROJECT_OUTPUT_DIR)

nbdev links names in backticks to https://HOST/BASE/page.html#name. Chapters have a heading for each function and class, the page
'reference' for each method, private functions none. So: links to the site become local, a method's leads to the reference, and what has no
heading leads to its class or its page.
"""
import os, re, sys
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

def site_url():
    "Where the site will stand."
    parser = ConfigParser(delimiters=['=']); parser.read(ROOT/'settings.ini', encoding='utf-8')
    cfg = parser['DEFAULT']
    return (cfg['doc_host'] + cfg['doc_baseurl']).rstrip('/') + '/'

def mend(folder):
    "Rewrite the pages in `folder`; how many links were changed."
    folder, home, changed = Path(folder), site_url(), 0
    texts = {p.name: p.read_text(encoding='utf-8') for p in folder.glob('*.html')}
    ids = {name: set(re.findall(r'\sid="([^"]+)"', text)) for name, text in texts.items()}
    def target(m):
        url = m[2].removeprefix(home)
        page, mark, anchor = url.partition('#')
        page = page or 'index.html'
        if page not in texts: return m[0]
        if anchor and anchor not in ids[page]:
            parent = anchor.rpartition('.')[0]
            if anchor in ids.get('reference.html', ()): page = 'reference.html'
            else: anchor = parent if parent in ids[page] else ''
        return f'{m[1]}{page}{"#" if anchor else ""}{anchor}"'
    for name, text in texts.items():
        new = re.sub(rf'(<a [^>]*?href=")({re.escape(home)}[^"]*|[\w.-]+\.html#[^"]+)"', target, text)
        if new != text: (folder/name).write_text(new, encoding='utf-8'); changed += sum(a != b for a, b in zip(text.split('href='), new.split('href=')))
    return changed

if __name__ == '__main__':
    folder = sys.argv[1] if len(sys.argv) > 1 else os.environ.get('QUARTO_PROJECT_OUTPUT_DIR')
    if not folder: sys.exit(__doc__)
    print(f'{mend(folder)} links mended')
