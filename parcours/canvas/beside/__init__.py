"""Two canvases beside each other: which stages, rows and cards belong together, and what differs."""
