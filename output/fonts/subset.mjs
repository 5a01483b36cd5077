// Makes the two font files of the pages out of Vazirmatn (SIL Open Font License 1.1, see
// ../assets/fonts/OFL.txt): the weights 400 to 700, and the characters that Arabic news uses. Run again:
//
//   npm install --prefix /tmp/fonts @fontsource-variable/vazirmatn@5.3.0 subset-font@2.9.0
//   node output/fonts/subset.mjs /tmp/fonts
//
// The same input gives the same bytes. Together they must stay under 60 kB: they are most of a first visit.
import { createRequire } from 'node:module';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const modules = join(process.argv[2], 'node_modules');
const subset = createRequire(join(modules, 'x.js'))('subset-font');
const font = join(modules, '@fontsource-variable/vazirmatn');
const assets = join(import.meta.dirname, '..', 'assets', 'fonts');

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join('');

// Arabic: punctuation, the letters of Arabic, Persian and Urdu with their marks and both sets of digits, and the
// space and marks that stand between them. The font has no letters of other languages worth their bytes.
const arabic = ' ،؛؟٪٫٬٭ـ' + range(0x0621, 0x063A) + range(0x0641, 0x0655) + range(0x0660, 0x0669) +
  'ٰٱپچژکگیۀےھہں۔' + range(0x06F0, 0x06F9) + '\u00AB\u00BB\u200C\u200D\u200E\u200F.:()-«»';
// Latin: what ASCII prints, and the punctuation of headlines.
const latin = range(0x20, 0x7E) + '\u00A0\u00AB\u00B7\u00BB\u00D7\u00E9\u2013\u2014\u2018\u2019\u201C\u201D\u2026\u2039\u203A';

const make = async (from, to, text) => {
  const out = await subset(readFileSync(join(font, 'files', from)), text, {
    targetFormat: 'woff2', variationAxes: { wght: { min: 400, max: 700, default: 400 } },
  });
  writeFileSync(join(assets, to), out);
  console.log(to, out.length);
};
await make('vazirmatn-arabic-wght-normal.woff2', 'vazirmatn-arabic.woff2', arabic);
await make('vazirmatn-latin-wght-normal.woff2', 'vazirmatn-latin.woff2', latin);
copyFileSync(join(font, 'LICENSE'), join(assets, 'OFL.txt'));
