"""Shows files and days to those who follow participants."""
