"""Other people's documents (notes, tables, address cards) -> what a campaign can be made of."""
