"""What has happened, in words people read: one line for each act, never changed, and told to whoever wants to know.

declare("imports.loaded", _("A file was loaded"), tell=MANAGERS)                 # in the feature's module ``events``
record(viewer, "imports.loaded", file, Text("...", "..."), page=...)             # in its actions
@on("imports.loaded")                                                            # in whoever wants to know
def recompute(viewer, event): ...
"""
