"""Which mentor suits which mentee: features, reasons in words, and the best assignment."""
