// Every page loads this. Pages work without it: links are links and forms are forms.
import './requests.js'
import './panel.js'
import './keys.js'
import './search.js'
import './islands.js'
