"""Files that people attach to what they say: claims, requests, exclusions. One place that looks at each of them.

attach(viewer, row, [upload, ...])        # in the feature's actions; ``row`` is authored, its draft or just given
attachments_of(row)                       # in its queries
give(row)                                 # when the row is given to the other company
seen_with("disputes.claim", "disputes.view")   # in its permissions: who may open them
"""
