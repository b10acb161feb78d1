// Heavy parts load only where they are: <div data-island="charts" data-props="id of a json_script">.
const loaders = { charts: () => import('./charts.js') }

async function mount(root) {
  for (const place of root.querySelectorAll('[data-island]:not([data-mounted])')) {
    place.dataset.mounted = ''
    const props = JSON.parse(document.getElementById(place.dataset.props).textContent)
    const island = await loaders[place.dataset.island]()
    island.default(place, props)
  }
}

mount(document)
// The editor of drafts stands over a textarea, which stays where this script does not load.
for (const field of document.querySelectorAll('[data-editor]')) {
  const props = JSON.parse(document.getElementById(field.dataset.editor).textContent)
  import('./editor.js').then((island) => island.default(field, props))
}

document.addEventListener('htmx:load', ({ detail }) => mount(detail.elt.parentElement ?? document))
