"""One flat typed row of facts for each disputed item."""
