"""No tables: the figures are read from the registers as they stood on the cut-off date."""
