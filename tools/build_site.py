"""Build the site without Quarto and without a network, and check it.

    python tools/build_site.py                 writes _docs/: open _docs/index.html
    python tools/build_site.py --check         also follows every link, and opens every page in a headless browser
    python tools/build_site.py --shots FOLDER  also photographs some pages at desktop and phone width

nbdev processes the notebooks just as for `nbdev_docs`; smalldocs renders them from the same _quarto.yml; formulas become MathML, which a
browser draws by itself. Pages have the names that Quarto gives them. The browser is Chromium or Chrome on PATH, or what SPECTRAL_AR_BROWSER names.
"""
import argparse, functools, html, http.server, json, os, re, shutil, subprocess, sys, threading, time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlparse

from mend_links import mend, site_url

ROOT = Path(__file__).resolve().parent.parent
DOCS, PROC = ROOT/'_docs', ROOT/'_proc'
WIDTHS = {'desktop': 1280, 'phone': 390}

# ---- build

def processed():
    "The notebooks as nbdev hands them to Quarto, in _proc/; {name of the page by smalldocs: name by Quarto}."
    from nbdev.quarto import refresh_quarto_yml
    from nbdev.serve import proc_nbs
    refresh_quarto_yml()
    if PROC.exists(): # what was deleted or renamed leaves no page behind
        for old in PROC.glob('*.ipynb'):
            if not (ROOT/'nbs'/old.name).exists(): old.unlink()
    proc_nbs()
    names = {}
    for path in sorted(PROC.glob('*.ipynb')):
        m = re.search(r'output-file: (\S+)', path.read_text(encoding='utf-8').replace('\\n', '\n'))
        names[f'{path.stem}.html'] = m[1] if m else f'{path.stem}.html'
    return names

def mathml(m):
    "One formula, TeX to MathML."
    from latex2mathml.converter import convert
    tex = html.unescape(m[2]).strip()[2:-2].strip()
    try: drawn = convert(tex, display='block' if m[1] == 'display' else 'inline')
    except Exception as e: raise ValueError(f'the formula {tex!r} cannot be drawn: {type(e).__name__}') from e
    return f'<span class="math {m[1]}">{drawn}</span>'

def finish(text, names):
    "One page: formulas drawn without a script, pages under their public names."
    text = re.sub(r'<span class="math (inline|display)">(.*?)</span>', mathml, text, flags=re.S)
    text = re.sub(r'<link[^>]*katex[^>]*>|<script[^>]*katex[^>]*>.*?</script>|<script[^>]*>[^<]*renderMathInElement.*?</script>', '', text, flags=re.S)
    return re.sub(r'(href=")([^"#?]+?)(?=["#?])', lambda m: m[1] + names.get(m[2].removeprefix('./'), m[2]), text)

def build():
    "Write _docs/, whole or not at all, and return its pages."
    names, made = processed(), PROC/'_docs'
    shutil.rmtree(made, ignore_errors=True)
    r = subprocess.run([sys.executable, '-m', 'smalldocs.cli', 'render', str(PROC)], capture_output=True, text=True)
    if r.returncode or not made.is_dir(): raise SystemExit(f'smalldocs: {r.stdout[-2000:]}{r.stderr[-2000:]}')
    for old, new in names.items():
        try: text = finish((made/old).read_text(encoding='utf-8'), names)
        except ValueError as e: raise SystemExit(f'{Path(old).stem}.ipynb: {e}')
        (made/old).unlink()
        (made/new).write_text(text, encoding='utf-8')
    for style in made.rglob('*.css'): # web fonts: the system's do
        text = style.read_text(encoding='utf-8')
        if (local := re.sub(r'@import\s*(url\([^)]*\)|"[^"]*"|\'[^\']*\')[^;]*;', lambda m: '' if '//' in m[1] else m[0], text)) != text: style.write_text(local, encoding='utf-8')
    index = made/'search.json'
    entries = json.loads(index.read_text(encoding='utf-8'))
    for entry in entries:
        for key in ('href', 'objectID'):
            page, mark, anchor = entry.get(key, '').partition('#')
            if page in names: entry[key] = names[page] + mark + anchor
    index.write_text(json.dumps(entries, ensure_ascii=False), encoding='utf-8')
    mend(made)
    shutil.rmtree(DOCS, ignore_errors=True)
    shutil.move(made, DOCS)
    return sorted(names.values())

# ---- links

class Links(HTMLParser):
    "The ids of a page, what it points to, and what it loads."
    def __init__(self, text): super().__init__(); self.ids, self.hrefs, self.loads = set(), [], []; self.feed(text)
    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if a.get('id'): self.ids.add(a['id'])
        if tag == 'a' and a.get('name'): self.ids.add(a['name'])
        if tag == 'a' and a.get('href'): self.hrefs.append(a['href'])
        if tag in ('img', 'script', 'source') and a.get('src'): self.loads.append(a['src'])
        if tag == 'link' and a.get('href') and a.get('rel') not in ('canonical', 'next', 'prev'): self.loads.append(a['href'])

def check_links(pages):
    "What is broken, and how many links lead where: {'inside': n, 'outside': n, 'loaded': n}."
    read = {p: Links((DOCS/p).read_text(encoding='utf-8')) for p in pages}
    broken, outside, inside, loaded = [], set(), 0, 0
    repo, home = r'https://github\.com/spectral-ar/spectral_ar/(?:blob|tree)/main/(.+)', site_url()
    for notebook in sorted((ROOT/'nbs').glob('*.ipynb')): # as written: the renderer drops an anchor that it does not find
        for cell in json.loads(notebook.read_text(encoding='utf-8'))['cells']:
            if cell['cell_type'] != 'markdown': continue
            for stem, anchor in re.findall(r'\]\((\w+)\.ipynb#([^)\s]+)\)', ''.join(cell['source'])):
                page = re.sub(r'^\d\d_', '', stem) + '.html'
                if page not in read or anchor not in read[page].ids: broken.append(f'{notebook.name}: {stem}.ipynb#{anchor} points to no heading')
    for page, links in read.items():
        for url in links.loads:
            if url.startswith('data:'): continue
            loaded += 1
            if urlparse(url).scheme or url.startswith('//'): broken.append(f'{page}: loads {url} from the network')
            elif not (DOCS/unquote(urldefrag(url)[0].split('?')[0])).is_file(): broken.append(f'{page}: loads {url}, which is not there')
        for url in links.hrefs:
            target, anchor = urldefrag(url)
            if urlparse(url).scheme in ('http', 'https'):
                outside.add(url)
                if not re.fullmatch(r'[\w.-]+\.\w+', urlparse(url).netloc): broken.append(f'{page}: {url} names no host')
                if url.startswith(home): broken.append(f'{page}: {url} is no page of this site')
                if (m := re.fullmatch(repo, target)) and not (ROOT/unquote(m[1])).exists(): broken.append(f'{page}: {url} is no file of this repository')
                continue
            if urlparse(url).scheme: broken.append(f'{page}: {url} has a scheme other than https'); continue
            inside += 1
            target = unquote(target.removeprefix('./')) or page
            if target in read:
                if anchor and unquote(anchor) not in read[target].ids: broken.append(f'{page}: {url} points to no heading of {target}')
            elif not (DOCS/target).is_file(): broken.append(f'{page}: {url} is not there')
    return broken, dict(inside=inside, outside=len(outside), loaded=loaded)

# ---- browser

def find_browser():
    "The path of a Chromium or Chrome, or None."
    if (named := os.environ.get('SPECTRAL_AR_BROWSER')) and not shutil.which(named): raise SystemExit(f'SPECTRAL_AR_BROWSER is {named!r}; allowed: the path of a Chromium or Chrome')
    names = [named, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
    return next((found for n in names if n and (found := shutil.which(n))), None)

class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_): pass

LOOK = r"""() => {
  const bad = [], text = s => [...document.querySelectorAll(s)].map(e => e.innerText || '').join('\n')
  const hidden = document.body.cloneNode(true)
  hidden.querySelectorAll('pre, code, script, style, annotation').forEach(e => e.remove())
  const prose = hidden.textContent
  for (const m of ['\\(', '\\[', '$$', ':::', '{.callout', '{#', '](']) if (prose.includes(m)) bad.push('raw ' + m + ' near: ' + prose.slice(Math.max(0, prose.indexOf(m) - 30), prose.indexOf(m) + 50).replace(/\s+/g, ' '))
  if (/(^|\n)\s*#\|/.test(text('pre'))) bad.push('a raw directive #| in code')
  for (const i of document.images) if (!i.complete || i.naturalWidth === 0) bad.push('broken image ' + i.src.slice(0, 80))
  for (const m of document.querySelectorAll('math')) { const r = m.getBoundingClientRect(); if (m.checkVisibility() && !(r.width > 0 && r.height > 0)) bad.push('a formula without size: ' + m.textContent.slice(0, 40)) }
  const tex = prose.match(/\\[a-zA-Z]{2,}|\$[^$\n]{1,60}[_^\\][^$\n]*\$/)
  if (tex) bad.push('raw TeX: ' + tex[0])
  const box = document.querySelector('#quarto-content') || document.documentElement
  const wide = Math.max(document.documentElement.scrollWidth - window.innerWidth, box.scrollWidth - box.clientWidth)
  if (wide > 1) bad.push('wider than the window by ' + wide + ' px')
  return {bad, math: document.querySelectorAll('math').length, images: document.images.length}
}"""

def open_pages(pages, shots=None, shoot=()):
    "Open every page at both widths; what is wrong, and how many formulas and images were drawn."
    from playwright.sync_api import sync_playwright
    handler = functools.partial(Quiet, directory=str(DOCS))
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home, bad, count = f'http://127.0.0.1:{server.server_address[1]}', [], dict(pages=0, math=0, images=0)
    quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
    try:
        with sync_playwright() as p:
            browser = p.chromium.launch(executable_path=find_browser(), args=quiet)
            for where, width in WIDTHS.items():
                tab = browser.new_context(viewport=dict(width=width, height=860 if width > 500 else 780)).new_page()
                said = []
                tab.on('console', lambda m: said.append(f'console: {m.text}') if m.type in ('error', 'warning') else None)
                tab.on('pageerror', lambda e: said.append(f'script: {e}'))
                tab.on('request', lambda r: said.append(f'asks the network for {r.url[:90]}') if not r.url.startswith((home, 'data:', 'blob:')) else None)
                tab.on('response', lambda r: said.append(f'{r.status} {r.url}') if r.status >= 400 else None)
                for page in pages:
                    said.clear()
                    tab.goto(f'{home}/{page}', wait_until='load')
                    tab.wait_for_timeout(100) # for scripts that start after loading
                    seen = tab.evaluate(LOOK)
                    bad += [f'{page} ({where}): {w}' for w in [*said, *seen['bad']]]
                    count['pages'] += 1; count['math'] += seen['math']; count['images'] += seen['images']
                    if shots and page in shoot: tab.screenshot(path=f'{shots}/{Path(page).stem}-{where}.png')
                if where == 'desktop':
                    bad += search_works(tab, home)
                    bad += toggle_works(tab, f'{home}/{pages[0]}')
                    if shots: tab.goto(f'{home}/index.html'); tab.screenshot(path=f'{shots}/index-dark.png', full_page=True)
            browser.close()
    finally: server.shutdown()
    return bad, count

def search_works(tab, home):
    "A word of the tutorial, typed into the search box, finds a page."
    tab.goto(f'{home}/index.html')
    tab.keyboard.press('/')
    box = tab.locator('input[type=search]:visible, input[placeholder]:visible').first
    try:
        box.fill('codebook collapse', timeout=5000)
        tab.get_by_role('link').or_(tab.get_by_role('option')).filter(has_text=re.compile('collapse', re.I)).first.wait_for(timeout=5000)
        return []
    except Exception as e: return [f'search: {str(e).splitlines()[0]}']

def toggle_works(tab, url):
    "The switch between light and dark changes the background."
    tab.goto(url)
    ground = lambda: tab.evaluate('getComputedStyle(document.body).backgroundColor')
    before = ground()
    try: tab.locator('.quarto-color-scheme-toggle:visible, [aria-label*="dark" i]:visible, [title*="dark" i]:visible').first.click(timeout=5000)
    except Exception as e: return [f'dark mode: {str(e).splitlines()[0]}']
    tab.wait_for_timeout(300)
    return [] if ground() != before else ['dark mode: the background stays the same']

def check(browser=True, shots=None, shoot=()):
    "What is wrong with the site in _docs/; prints what was looked at."
    pages = sorted(p.name for p in DOCS.glob('*.html'))
    bad, links = check_links(pages)
    print(f'{len(pages)} pages, {links["inside"]} links inside and {links["loaded"]} files loaded: all followed; {links["outside"]} different links outside: not followed')
    if browser:
        if find_browser() is None: print('no Chromium or Chrome on PATH: the pages were not opened')
        else:
            wrong, count = open_pages(pages, shots, shoot)
            bad += wrong
            print(f'{count["pages"]} pages opened at {" and ".join(f"{w} px" for w in WIDTHS.values())}, {count["math"]} formulas and {count["images"]} images drawn')
    return bad

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--check', action='store_true', help='follow links, open pages; exit code 1 if anything is broken')
    parser.add_argument('--shots', help='a folder for pictures of pages')
    parser.add_argument('--pages', nargs='*', default=['index.html', 'spectral.html', 'quantizer.html', 'prior.html', 'reference.html'], help='what to photograph')
    args = parser.parse_args()
    os.chdir(ROOT)
    t = time.time()
    print(f'{len(build())} pages in _docs/, {time.time() - t:.0f} s', flush=True)
    if not (args.check or args.shots): return
    if args.shots: Path(args.shots).mkdir(parents=True, exist_ok=True)
    t = time.time()
    bad = check(shots=args.shots, shoot=args.pages)
    print(*bad, f'{len(bad)} things are broken; {time.time() - t:.0f} s', sep='\n')
    sys.exit(bool(bad))

if __name__ == '__main__': main()
