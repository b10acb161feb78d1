"""Work in the background: asked for in a request, done by a worker, seen on a page, never lost and never done twice.

@job("imports.load", label=_("Load a file"))                # in the feature's module ``jobs``
def load(viewer, progress, *, file): ...

enqueue(viewer, "imports.load", key=str(file.pk), file=file.pk)     # in the feature's actions
"""
