// Bundle what the browser gets, into the folder named by the first argument. The others are the icons used.
//
//   app.js      htmx, keys, side panel, the loader of islands: every page has it
//   app.css     the parts of Tabler the pages use, and their own look
//   charts.js   ECharts: loaded only where a chart is
//   icons.svg   a sprite of the icons named in templates
//
// Names carry a digest of their content, so a browser may keep them for ever; manifest.json maps the plain names to them.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, transform } from 'esbuild'
import { compile } from 'sass'

const [out, ...icons] = process.argv.slice(2)
const manifest = {}

function write(name, text) {
  const [stem, ending] = name.split('.')
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase()
  writeFileSync(join(out, `${stem}-${digest}.${ending}`), text)
  manifest[name] = `${stem}-${digest}.${ending}`
}

async function scripts() {
  const built = await build({
    entryPoints: { app: 'src/app.js' },
    bundle: true,
    minify: true,
    format: 'esm',
    splitting: true,
    target: 'es2022',
    outdir: out,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    legalComments: 'none', // LICENSES.txt has them
    metafile: true,
    logLevel: 'warning',
  })
  for (const [path, { entryPoint }] of Object.entries(built.metafile.outputs))
    if (entryPoint) manifest[basename(entryPoint)] = basename(path)
}

async function styles() {
  const { css } = compile('src/app.scss', { loadPaths: ['node_modules'], quietDeps: true })
  write('app.css', (await transform(css, { loader: 'css', minify: true })).code)
}

function sprite() {
  const symbols = icons.map((name) => {
    const svg = readFileSync(`node_modules/@tabler/icons/icons/outline/${name}.svg`, 'utf8')
    const shapes = svg.replace(/^[^]*?<svg[^>]*>/, '').replace(/<path stroke="none"[^>]*>|<\/svg>|\s*\n\s*/g, '')
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`
  })
  write('icons.svg', `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`)
}

function licences() {
  const editor = ['commands', 'lang-yaml', 'language', 'state', 'view', 'autocomplete', 'streamparser'].map((name) => `@codemirror/${name}`)
  const grammar = ['common', 'highlight', 'lr', 'yaml'].map((name) => `@lezer/${name}`)
  const small = ['@marijn/find-cluster-break', 'crelt', 'style-mod', 'w3c-keyname']
  const parts = ['@tabler/core', '@tabler/icons', 'echarts', 'zrender', 'htmx.org', 'tslib', ...editor, ...grammar, ...small]
  const texts = parts.map((name) => {
    const folder = `node_modules/${name}`
    const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copyright)[^/]*$/i.test(file) && statSync(`${folder}/${file}`).isFile())
    return [`${name} ${version}: ${license}`, ...files.map((file) => readFileSync(`${folder}/${file}`, 'utf8'))].join('\n\n')
  })
  writeFileSync(join(out, 'LICENSES.txt'), texts.join(`\n\n${'-'.repeat(80)}\n\n`))
}

function compress() {
  for (const name of readdirSync(out))
    if (/\.(js|css|svg)$/.test(name)) writeFileSync(join(out, `${name}.gz`), gzipSync(readFileSync(join(out, name)), { level: 9 }))
}

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
await scripts()
await styles()
sprite()
write('favicon.svg', readFileSync('src/favicon.svg', 'utf8'))
licences()
compress()
writeFileSync(join(out, 'manifest.json'), JSON.stringify({ files: manifest, icons }, null, 1))
