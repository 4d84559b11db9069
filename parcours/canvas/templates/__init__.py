"""What a new canvas may begin with: the field's own five stages, and canvases of a kind of business."""
