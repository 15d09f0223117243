"""The viewer's own HTML, CSS and ES modules, and the browser libraries that the build puts beside them."""
