// The search field: arrows walk from it to what it offers or has found and back, Escape closes what it offers.
const offered = (form) => form?.querySelector('[data-suggestions]')

/** The links the arrows walk along: those below the field they belong to, else those the page has found. */
function hits(element) {
  const place = offered(element.closest('[data-find]'))
  return [...(place ?? document.querySelector('main')).querySelectorAll('[data-hit]')]
}

function walk(event) {
  const here = document.activeElement
  if (!here.matches('[data-search], [data-hit]')) return
  const links = hits(here)
  const next = links.indexOf(here) + (event.key === 'ArrowDown' ? 1 : -1)
  const field = document.querySelector(here.closest('[data-find]') ? 'header [data-search]' : 'main [data-search]')
  const target = next < 0 ? field : links[Math.min(next, links.length - 1)]
  if (!target || next < -1) return
  event.preventDefault()
  target.focus()
  target.scrollIntoView({ block: 'nearest' })
}

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') walk(event)
})

for (const form of document.querySelectorAll('[data-find]:has([data-suggestions])')) {
  const place = offered(form)
  const field = form.querySelector('[data-search]')
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || place.hidden || !place.querySelector('a, p')) return
    event.preventDefault()
    event.stopPropagation()
    field.focus()
    place.hidden = true
  })
  form.addEventListener('input', () => { place.hidden = false })
  form.addEventListener('focusin', ({ target }) => { if (target === field) place.hidden = false })
  form.addEventListener('focusout', ({ relatedTarget }) => { place.hidden = !form.contains(relatedTarget) })
}
